package retl.aws.faults;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps at which something may go wrong. Every call of a store is two: before and after its
 * effect.
 */
final class Failpoints {
  private int stepsLeft = -1;
  private Kind kind = Kind.KILLED;
  private @Nullable Runnable meanwhile;

  /** What goes wrong. */
  enum Kind {
    /** The process ends: nothing after it happens. */
    KILLED,
    /** Before the effect, the service refuses the call; after it, the answer is lost. */
    FAILED,
    /** Another operation runs from beginning to end before this one goes on. */
    OVERTAKEN
  }

  /** Makes one thing go wrong, that many steps from now. */
  void arm(Kind what, int steps, Runnable other) {
    kind = what;
    stepsLeft = steps;
    meanwhile = other;
  }

  void disarm() {
    stepsLeft = -1;
  }

  <T extends @Nullable Object> T around(Supplier<T> effect) {
    step();
    T result = effect.get();
    step();
    return result;
  }

  void step() {
    if (stepsLeft < 0 || stepsLeft-- > 0) {
      return;
    }
    switch (kind) {
      case KILLED -> throw new Killed();
      case FAILED -> throw new ServiceFailed();
      case OVERTAKEN -> {
        if (meanwhile != null) {
          meanwhile.run();
        }
      }
    }
  }

  /** The end of a process; an error, so that no code of the service takes it for a failed call. */
  static final class Killed extends Error {
    Killed() {
      super("killed", null, false, false);
    }
  }

  /** A call that a service refused or whose answer was lost, after all retries. */
  static final class ServiceFailed extends RuntimeException {
    ServiceFailed() {
      super("service failed", null, false, false);
    }
  }
}
