package retl.core;

/** Is told what went wrong on our side in a call that is answered all the same. */
@FunctionalInterface
public interface FaultLog {

  /**
   * Notes a fault.
   *
   * @param what the id of what it was about
   */
  void note(Caller caller, String what, RuntimeException fault);
}
