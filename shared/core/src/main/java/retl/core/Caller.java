package retl.core;

import static java.util.Objects.requireNonNull;

/**
 * Who asks, in which workspace and in which request. It is made from the authorizer's word alone,
 * never from a path or a body; every store takes the workspace from it.
 *
 * @param workspace the one workspace that this call can see
 * @param actor the id of the token that called; what {@code createdBy} and the audit say
 * @param requestId the id under which the call stands in logs, problems and the audit
 */
public record Caller(String workspace, String actor, Role role, String requestId) {

  public Caller {
    requireNonNull(workspace);
    requireNonNull(actor);
    requireNonNull(role);
    requireNonNull(requestId);
  }

  /**
   * Refuses the call with {@link Problem.Forbidden} unless the caller's role includes {@code
   * needed}.
   */
  public void require(Role needed) {
    if (!role.includes(needed)) {
      throw new Refused(new Problem.Forbidden(needed));
    }
  }
}
