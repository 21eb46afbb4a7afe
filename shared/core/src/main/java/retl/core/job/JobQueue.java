package retl.core.job;

/** Hands work to the worker that may touch warehouses. */
public interface JobQueue {

  /**
   * Starts the job soon, on another machine. A job whose hand-over or worker fails is not tried
   * again: its own deadline ends it, and whoever reads it is told so.
   */
  void submit(Job job);
}
