package retl.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Caller;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.Role;

/**
 * The one place that makes a {@link Caller}: from the context that the authorizer put into the
 * event. An authorizer that recognised nobody leaves the context empty; HTTP APIs could only answer
 * 403 in its stead.
 */
final class Callers {
  private Callers() {}

  static Caller of(APIGatewayV2HTTPEvent event) {
    Map<String, Object> context = event.getRequestContext().getAuthorizer().getLambda();
    Optional<Role> role = Role.of(text(context, "role"));
    String workspace = text(context, "workspace");
    String actor = text(context, "actor");
    if (role.isEmpty() || workspace.isEmpty() || actor.isEmpty()) {
      throw new Refused(new Problem.Unauthenticated());
    }
    return new Caller(workspace, actor, role.get(), event.getRequestContext().getRequestId());
  }

  private static String text(@Nullable Map<String, Object> context, String key) {
    return context != null && context.get(key) instanceof String text ? text : "";
  }
}
