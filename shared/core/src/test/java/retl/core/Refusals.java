package retl.core;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call is refused with. */
public final class Refusals {
  private Refusals() {}

  /** The problem that ends this call; fails when nothing does. */
  public static Problem problemOf(ThrowingCallable call) {
    Refused refused = catchThrowableOfType(Refused.class, call);
    Assertions.assertThat(refused).as("a refusal").isNotNull();
    return refused.problem();
  }

  /** The bad fields of this call, each as {@code field code}; none when nothing is bad. */
  public static List<String> badFields(ThrowingCallable call) {
    Refused refused = catchThrowableOfType(Refused.class, call);
    if (refused == null) {
      return List.of();
    }
    Problem.InvalidRequest problem = (Problem.InvalidRequest) refused.problem();
    return problem.errors().stream()
        .map(error -> (error.field() + " " + error.code().wireName()).strip())
        .toList();
  }

  /** The bad fields that a reader finds in an object, each as {@code field code}. */
  public static List<String> badFields(Object body, Consumer<Fields> reader) {
    return badFields(
        () -> {
          Fields fields = Fields.of(body);
          reader.accept(fields);
          fields.end();
        });
  }
}
