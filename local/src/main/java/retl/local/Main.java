package retl.local;

/** Starts {@code ./dev}. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    System.exit(Dev.run(StoreWorkspaces::new, args));
  }
}
