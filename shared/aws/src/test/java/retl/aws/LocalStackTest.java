package retl.aws;

import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.localstack.LocalStackContainer;

/** All stores on LocalStack in a container; skipped where there is no Docker. */
@Testcontainers(disabledWithoutDocker = true)
@ExtendWith(LocalStackTest.There.class)
class LocalStackTest extends StoreTests {
  // Newer images ask for an account's token.
  @Container
  private static final LocalStackContainer CONTAINER =
      new LocalStackContainer("localstack/localstack:4.14.0")
          .withServices("dynamodb", "secretsmanager", "sqs");

  /** No field: without Docker the container cannot even be described. */
  static final class There extends Outside {
    There() {
      super(() -> CONTAINER.getEndpoint());
    }
  }
}
