package retl.warehouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which addresses may be connected to: public ones, by an explicit table, because the JDK's own
 * predicates miss several ranges. Local mode also allows loopback.
 */
public final class AddressRules {
  private static final String TABLE = "closed-addresses.tsv";

  private final boolean loopback;
  private final List<Range> closed = readTable();

  public AddressRules(boolean loopback) {
    this.loopback = loopback;
  }

  /** True when loopback is open too. */
  public boolean allowsLoopback() {
    return loopback;
  }

  /** True when an address may be connected to. */
  public boolean allows(InetAddress address) {
    if (loopback && address.isLoopbackAddress()) {
      return true;
    }
    byte[] bytes = address.getAddress();
    return closed.stream().noneMatch(range -> range.covers(bytes));
  }

  private static List<Range> readTable() {
    try (InputStream file = AddressRules.class.getResourceAsStream(TABLE)) {
      if (file == null) {
        throw new IllegalStateException(TABLE + " is not on the class path.");
      }
      return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> Range.of(line.substring(0, line.indexOf('\t'))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All addresses that begin with the same bits. */
  private static final class Range {
    private final byte[] prefix;
    private final int bits;

    private Range(byte[] prefix, int bits) {
      this.prefix = prefix;
      this.bits = bits;
    }

    static Range of(String cidr) {
      int slash = cidr.indexOf('/');
      return new Range(
          bytes(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
    }

    // The JDK reads ::ffff:0:0 as an IPv4 address, but here it is meant as the IPv6 range that it
    // is.
    private static byte[] bytes(String literal) {
      byte[] address = InetAddress.ofLiteral(literal).getAddress();
      if (literal.indexOf(':') < 0 || address.length == 16) {
        return address;
      }
      byte[] mapped = new byte[16];
      mapped[10] = (byte) 0xff;
      mapped[11] = (byte) 0xff;
      System.arraycopy(address, 0, mapped, 12, 4);
      return mapped;
    }

    boolean covers(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
