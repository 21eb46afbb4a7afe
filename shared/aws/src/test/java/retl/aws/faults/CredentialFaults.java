package retl.aws.faults;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Runs many plans on the stores in memory: {@code CredentialFaults <count> [<first seed>]}. */
public final class CredentialFaults {
  private CredentialFaults() {}

  /** Prints every breach with its seed, and ends with 1 when there was one. */
  public static void main(String[] arguments) {
    long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
    long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
    AtomicLong breaches = new AtomicLong();
    LongStream.range(first, first + count)
        .parallel()
        .forEach(
            seed ->
                new Plan(seed, (failpoints, clock) -> new MemoryWorld(failpoints, Set.of()))
                    .run()
                    .forEach(
                        broken -> {
                          breaches.incrementAndGet();
                          System.out.println("seed " + seed + ": " + broken);
                        }));
    System.out.println(count + " plans, " + breaches + " breaches");
    if (breaches.get() > 0) {
      System.exit(1);
    }
  }
}
