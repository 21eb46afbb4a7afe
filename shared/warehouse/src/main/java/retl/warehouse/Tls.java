package retl.warehouse;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import retl.core.validation.Check.Remedy;

/** What can go wrong with the certificate of a server. */
public final class Tls {
  public static final Fault FAULT =
      new Fault(
          "tls_failed",
          "The server's certificate is not one that this service trusts for this host.",
          new Remedy(
              "Use the host name that the certificate was made for. Where the server has a private"
                  + " authority, sslMode require encrypts without checking it.",
              List.of()));

  private Tls() {}

  /** True when the certificate is the reason; false when the other side just does not talk TLS. */
  public static boolean isRefused(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof GeneralSecurityException
          || each instanceof SSLPeerUnverifiedException
          || (each instanceof SSLHandshakeException e && !(e.getCause() instanceof IOException))) {
        return true;
      }
    }
    return false;
  }
}
