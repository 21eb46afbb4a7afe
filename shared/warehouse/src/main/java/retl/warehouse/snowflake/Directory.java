package retl.warehouse.snowflake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Tells the addresses of a name. */
@FunctionalInterface
interface Directory {

  /** The directory of the machine. */
  Directory DNS =
      (host, port) ->
          Arrays.stream(InetAddress.getAllByName(host))
              .map(address -> new InetSocketAddress(address, port))
              .toList();

  /** All addresses of a host, at least one. */
  List<InetSocketAddress> find(String host, int port) throws UnknownHostException;
}
