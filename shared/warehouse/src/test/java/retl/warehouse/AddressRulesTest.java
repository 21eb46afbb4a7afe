package retl.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  private final AddressRules rules = new AddressRules(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.79.129",
        "169.254.100.1",
        "169.254.169.254",
        "169.254.170.2",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.255",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::a00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "64:ff9b:1:ffff::1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:10::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1"
      })
  void closesEverySpecialRangeAtBothEnds(String address) {
    assertThat(rules.allows(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "52.95.110.1", "::ffff:8.8.8.8", "64:ff9a::1",
        "2001:200::1", "2003::1", "2600:1f18::1", "3ffe::1", "fbff::1"
      })
  void opensWhatLiesBeside(String address) {
    assertThat(rules.allows(InetAddress.ofLiteral(address))).isTrue();
  }

  /** An address that the JDK keeps as IPv6 although it is a mapped one. */
  @Test
  void closesMappedAddressesThatStayedMapped() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    mapped[12] = 8;
    InetAddress address = java.net.Inet6Address.getByAddress(null, mapped, -1);

    assertThat(address.getAddress()).hasSize(16);
    assertThat(rules.allows(address)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/16, 10.1.0.0, true",
    "10.1.0.0/16, 10.1.255.255, true",
    "10.1.0.0/16, 10.2.0.0, false",
    "192.168.7.9/32, 192.168.7.9, true",
    "192.168.7.9/32, 192.168.7.8, false",
    "fd12:3456::/32, fd12:3456::1, true",
    "fd12:3456::/32, fd12:3457::1, false",
    "10.1.0.0/16, 8.8.8.8, true",
    // Nobody opens these.
    "0.0.0.0/0, 127.0.0.1, false",
    "0.0.0.0/0, 169.254.169.254, false",
    "169.254.0.0/16, 169.254.100.1, false",
    "0.0.0.0/0, 100.100.100.200, false",
    "0.0.0.0/0, 0.0.0.0, false",
    "::/0, ::1, false",
    "::/0, fe80::1, false",
    "fd00::/8, fd00:ec2::254, false",
    "::/0, 64:ff9b::a01:1, false"
  })
  void opensPrivateRangesAndNoOthers(String range, String address, boolean isOpen) {
    AddressRules opened = new AddressRules(false, List.of(range));

    assertThat(opened.allows(InetAddress.ofLiteral(address))).isEqualTo(isOpen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1.0.0",
        "10.1.0.0/33",
        "10.1.0.0/-1",
        "10.1/16",
        "example.com/8",
        "::/129",
        "x"
      })
  void refusesWhatIsNoRange(String range) {
    assertThatThrownBy(() -> new AddressRules(false, List.of(range)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void opensLoopbackAndNothingElseInLocalMode() {
    AddressRules local = new AddressRules(true);

    assertThat(local.allows(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
    assertThat(local.allows(InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(local.allows(InetAddress.ofLiteral("10.0.0.1"))).isFalse();
    assertThat(local.allows(InetAddress.ofLiteral("169.254.169.254"))).isFalse();
    assertThat(local.allows(InetAddress.ofLiteral("0.0.0.0"))).isFalse();
  }
}
