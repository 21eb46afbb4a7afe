package retl.warehouse;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The resolver of the tests' JVM: the platform's own, but for names that it looks for without an
 * end.
 */
public final class HangingNames extends InetAddressResolverProvider {
  /** What these names end with. */
  public static final String SUFFIX = ".hangs.example.com";

  private static final CountDownLatch ASKED = new CountDownLatch(1);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  /** True when somebody has asked for such a name, and so waits for ever. */
  public static boolean isAsked() throws InterruptedException {
    return ASKED.await(20, TimeUnit.SECONDS);
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver platform = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        if (host.endsWith(SUFFIX)) {
          hang();
        }
        return platform.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return platform.lookupByAddress(address);
      }
    };
  }

  private static void hang() {
    ASKED.countDown();
    try {
      NEVER.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String name() {
    return "hanging names";
  }
}
