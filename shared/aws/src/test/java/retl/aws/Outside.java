package retl.aws;

import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Leads the tests nested in a class to an emulator that others wrote: their {@link LocalAws} finds
 * DynamoDB, Secrets Manager and SQS there.
 */
class Outside implements BeforeAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Outside.class);

  private final Supplier<URI> endpoint;

  /** All services answer there; it is asked when the first test is about to run. */
  Outside(Supplier<URI> endpoint) {
    this.endpoint = endpoint;
  }

  /** An emulator on this machine whose port is told by a system property. */
  static Outside onPort(String property) {
    return new Outside(() -> URI.create("http://127.0.0.1:" + Integer.getInteger(property)));
  }

  /** Where the tests of this class find AWS; empty when that is up to them. */
  static Optional<URI> endpoint(ExtensionContext context) {
    return Optional.ofNullable(context.getStore(NAMESPACE).get(URI.class, URI.class));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(NAMESPACE).put(URI.class, endpoint.get());
  }
}
