package retl.standins;

/**
 * What goes wrong with the calls of a stand-in, for tests of what the caller makes of it. A slow
 * service is a {@link #next} that takes its time.
 */
@FunctionalInterface
public interface Faults {
  /** Nothing ever goes wrong. */
  Faults NONE = operation -> Fault.NONE;

  /** Asked once for each call, before it has any effect; the operation is such as CreateSecret. */
  Fault next(String operation);

  /** What happens to one call. */
  enum Fault {
    /** It is answered. */
    NONE,
    /** It is refused as one too many, without effect. */
    THROTTLED,
    /** It takes effect, and the connection ends without an answer. */
    ANSWER_LOST
  }
}
