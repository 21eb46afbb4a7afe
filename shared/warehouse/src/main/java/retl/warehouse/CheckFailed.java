package retl.warehouse;

/** Ends a check, and with it the opening of a connection. */
public final class CheckFailed extends Exception {
  private final transient Fault fault;

  public CheckFailed(Fault fault) {
    super(fault.code(), null, false, false);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
