package retl.aws;

import java.util.function.Supplier;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import retl.core.Rehearsal;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * An HTTP client that closes its connections before Lambda takes a snapshot: a connection in a
 * snapshot would look open to every copy of it, and be dead. It begins anew before the snapshot
 * too, without a connection: a new client reads the whole list of authorities, and no caller should
 * wait for that. In a {@link Rehearsal} it sends nothing, see {@link RehearsedAnswer}.
 */
final class RenewedHttp implements SdkHttpClient, Resource {
  private final Supplier<SdkHttpClient> maker;
  private @Nullable SdkHttpClient current;

  private RenewedHttp(Supplier<SdkHttpClient> maker) {
    this.maker = maker;
  }

  static RenewedHttp of(Supplier<SdkHttpClient> maker) {
    RenewedHttp http = new RenewedHttp(maker);
    if (Rehearsal.isAhead()) {
      Core.getGlobalContext().register(http);
    }
    return http;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return Rehearsal.isRunning() ? RehearsedAnswer.to(request) : current().prepareRequest(request);
  }

  @Override
  public String clientName() {
    return "Renewed";
  }

  private synchronized SdkHttpClient current() {
    if (current == null) {
      current = maker.get();
    }
    return current;
  }

  @Override
  public synchronized void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  // Whoever rehearses calls registered later than this client, and so is told earlier.
  @Override
  public synchronized void beforeCheckpoint(Context<? extends Resource> snapshot) {
    close();
    current = maker.get();
  }

  @Override
  public void afterRestore(Context<? extends Resource> snapshot) {
    // The next request opens a connection.
  }
}
