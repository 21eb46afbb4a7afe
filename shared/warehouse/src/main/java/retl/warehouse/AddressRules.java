package retl.warehouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which addresses may be connected to: public ones, by an explicit table, because the JDK's own
 * predicates miss several ranges; and private ones that the operator opens. Local mode also allows
 * loopback.
 */
public final class AddressRules {
  private static final String TABLE = "closed-addresses.tsv";

  private final boolean loopback;
  private final List<Closed> closed = readTable();
  private final List<Range> open;

  public AddressRules(boolean loopback) {
    this(loopback, List.of());
  }

  /**
   * Rules with ranges that the operator opens. What is closed for everybody, such as link-local
   * addresses, stays so within them.
   *
   * @param open such as {@code 10.1.0.0/16}
   */
  public AddressRules(boolean loopback, List<String> open) {
    this.loopback = loopback;
    this.open = open.stream().map(Range::of).toList();
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
    boolean isOpened = open.stream().anyMatch(range -> range.covers(bytes));
    return closed.stream()
        .noneMatch(each -> each.range.covers(bytes) && !(isOpened && each.mayBeOpened));
  }

  private static List<Closed> readTable() {
    try (InputStream file = AddressRules.class.getResourceAsStream(TABLE)) {
      if (file == null) {
        throw new IllegalStateException(TABLE + " is not on the class path.");
      }
      return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .map(line -> new Closed(Range.of(line[0]), line[1].equals("private")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A closed range, and whether an operator may open it. */
  private record Closed(Range range, boolean mayBeOpened) {}

  /** All addresses that begin with the same bits. */
  private static final class Range {
    private static final Pattern CIDR =
        Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-f.]*:[0-9a-f.:]*)/([0-9]{1,3})");

    private final byte[] prefix;
    private final int bits;

    private Range(byte[] prefix, int bits) {
      this.prefix = prefix;
      this.bits = bits;
    }

    static Range of(String cidr) {
      Matcher matcher = CIDR.matcher(cidr);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("This is no range of addresses: " + cidr);
      }
      byte[] prefix = bytes(matcher.group(1));
      int bits = Integer.parseInt(matcher.group(2));
      if (bits > prefix.length * 8) {
        throw new IllegalArgumentException("A range of this kind has fewer bits: " + cidr);
      }
      return new Range(prefix, bits);
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
