package retl.functions.warehouse;

import retl.core.job.Job;
import retl.core.preview.RunPreview;

/** Runs previews. It is invoked by the function that takes them, which does not wait. */
public final class RunPreviewHandler extends JobHandler {
  private final RunPreview runPreview;

  public RunPreviewHandler() {
    this(new Wiring(System.getenv()));
  }

  public RunPreviewHandler(Wiring wiring) {
    super("run-preview", wiring.scratch());
    this.runPreview = wiring.runPreview();
  }

  @Override
  void run(Job job) {
    runPreview.run(job);
  }
}
