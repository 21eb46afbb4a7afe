package retl.core.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The minutes of a day, over which credentials are spread by the hash of their id: the same minute
 * every day, and about as many in each.
 */
public final class Slots {
  /** How many there are. */
  public static final int COUNT = 24 * 60;

  private final int everyMinutes;

  /**
   * Slots that come round in this time.
   *
   * @param everyMinutes a divisor of the minutes of a day
   */
  public Slots(int everyMinutes) {
    if (everyMinutes < 1 || COUNT % everyMinutes != 0) {
      throw new IllegalArgumentException("Not a divisor of a day: " + everyMinutes + " minutes");
    }
    this.everyMinutes = everyMinutes;
  }

  /** The slot of a credential, from 0. */
  public static int of(String credentialId) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(credentialId.getBytes(StandardCharsets.UTF_8));
      return Math.floorMod(ByteBuffer.wrap(hash).getInt(), COUNT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /** The slots that are due in a minute, counted from the epoch. */
  public List<Integer> at(long minute) {
    int first = (int) (minute % everyMinutes);
    return IntStream.iterate(first, slot -> slot < COUNT, slot -> slot + everyMinutes)
        .boxed()
        .toList();
  }
}
