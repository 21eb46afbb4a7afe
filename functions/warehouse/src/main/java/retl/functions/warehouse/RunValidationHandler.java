package retl.functions.warehouse;

import retl.core.job.Job;
import retl.core.validation.RunValidation;

/** Runs validations. It is invoked by the functions that start them, which do not wait. */
public final class RunValidationHandler extends JobHandler {
  private final RunValidation runValidation;

  public RunValidationHandler() {
    this(new Wiring(System.getenv()));
  }

  public RunValidationHandler(Wiring wiring) {
    super("run-validation", wiring.scratch());
    this.runValidation = wiring.runValidation();
  }

  @Override
  void run(Job job) {
    runValidation.run(job);
  }
}
