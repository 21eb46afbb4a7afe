package retl.functions.warehouse;

import retl.core.job.Job;
import retl.core.preview.RunPreview;

/**
 * Runs previews and checks of keys. It is invoked by the functions that take them, which do not
 * wait.
 */
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
