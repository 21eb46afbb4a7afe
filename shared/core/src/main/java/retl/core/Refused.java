package retl.core;

import static java.util.Objects.requireNonNull;

/**
 * Ends a call that the service refuses. It carries the problem and nothing else; no stack trace is
 * taken.
 */
public final class Refused extends RuntimeException {
  private final transient Problem problem;

  public Refused(Problem problem) {
    super(problem.getClass().getSimpleName(), null, false, false);
    this.problem = requireNonNull(problem);
  }

  public Problem problem() {
    return problem;
  }
}
