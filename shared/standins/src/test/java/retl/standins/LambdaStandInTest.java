package retl.standins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

class LambdaStandInTest {
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final BlockingQueue<String> seen = new ArrayBlockingQueue<>(10);
  private LambdaStandIn standIn;
  private AwsStandIns server;
  private LambdaClient lambda;

  @BeforeEach
  void start() throws IOException {
    Map<String, LambdaFunction> functions =
        Map.of(
            "echo", (id, in, out) -> in.transferTo(out),
            "broken", (id, in, out) -> explode(),
            "overflowing",
                (id, in, out) -> {
                  throw new StackOverflowError("too deep");
                },
            "note", (id, in, out) -> seen.add(new String(in.readAllBytes(), UTF_8)),
            "blocked",
                (id, in, out) -> {
                  running.incrementAndGet();
                  open.await();
                  seen.add("ran");
                });
    standIn = new LambdaStandIn(name -> Optional.ofNullable(functions.get(name)), 2);
    server = AwsStandIns.start(0, SecretsManagerStandIn.inMemory(), standIn);
    lambda = SdkClients.client(LambdaClient.builder(), server.endpoint());
  }

  @AfterEach
  void stop() {
    open.countDown();
    lambda.close();
    server.close();
  }

  @Test
  void isIdleWhenEveryEventHasBeenRun() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      invoke("blocked", InvocationType.EVENT, "{}");
    }
    CountDownLatch idle = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              standIn.awaitIdle();
              seen.add("idle");
              idle.countDown();
            });
    assertThat(seen).isEmpty();

    open.countDown();

    assertThat(idle.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).containsExactly("ran", "ran", "ran", "ran", "ran", "idle");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo",
        "echo:live",
        "arn:aws:lambda:eu-central-1:000000000000:function:echo",
        "arn:aws:lambda:eu-central-1:000000000000:function:echo:live"
      })
  void answersARequestWithWhatTheFunctionWrote(String name) {
    InvokeResponse answer = invoke(name, InvocationType.REQUEST_RESPONSE, "{\"a\":\"ü\"}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.payload().asUtf8String()).isEqualTo("{\"a\":\"ü\"}");
    assertThat(answer.functionError()).isNull();
  }

  @Test
  void answersAFailedRequestWithTheException() {
    InvokeResponse answer = invoke("broken", InvocationType.REQUEST_RESPONSE, "{}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(answer.payload().asUtf8String())
        .contains("\"errorMessage\":\"out of order\"")
        .contains("\"errorType\":\"java.lang.IllegalStateException\"");
  }

  @Test
  void takesAnErrorForAFailureToo() {
    assertThat(invoke("overflowing", InvocationType.REQUEST_RESPONSE, "{}").functionError())
        .isEqualTo("Unhandled");
  }

  @Test
  void acceptsAnEventBeforeItRan() throws InterruptedException {
    InvokeResponse answer = invoke("blocked", InvocationType.EVENT, "{}");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(seen).isEmpty();
    open.countDown();
    assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("ran");
  }

  @Test
  void takesMoreEventsAfterOneFailed() throws InterruptedException {
    invoke("broken", InvocationType.EVENT, "{}");
    invoke("broken", InvocationType.EVENT, "{}");
    invoke("broken", InvocationType.EVENT, "{}");
    invoke("note", InvocationType.EVENT, "{\"n\":1}");

    assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("{\"n\":1}");
  }

  @Test
  void queuesEventsAndRefusesRequestsBeyondItsConcurrency() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      invoke("blocked", InvocationType.EVENT, "{}");
    }
    while (running.get() < 2) {
      Thread.onSpinWait();
    }

    assertThatThrownBy(() -> invoke("echo", InvocationType.REQUEST_RESPONSE, "{}"))
        .isInstanceOf(TooManyRequestsException.class);
    assertThat(running).hasValue(2);
    open.countDown();
    for (int i = 0; i < 3; i++) {
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("ran");
    }
  }

  @Test
  void closingWaitsForWhatRuns() {
    invoke("blocked", InvocationType.EVENT, "{}");
    while (running.get() < 1) {
      Thread.onSpinWait();
    }
    Thread.ofVirtual().start(open::countDown);

    server.close();

    assertThat(seen).containsExactly("ran");
  }

  @Test
  void refusesAnUnknownFunction() {
    assertThatThrownBy(() -> invoke("nobody", InvocationType.EVENT, "{}"))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json", "{\"a\":", "\u0000"})
  void refusesAnEventThatIsNoJson(String event) {
    assertThatThrownBy(() -> invoke("echo", InvocationType.REQUEST_RESPONSE, event))
        .isInstanceOf(InvalidRequestContentException.class);
  }

  @Test
  void givesAnEmptyObjectForNoEvent() {
    assertThat(invoke("echo", InvocationType.REQUEST_RESPONSE, "").payload().asUtf8String())
        .isEqualTo("{}");
  }

  @Test
  void refusesAnEventOverOneMebibyte() {
    assertThatThrownBy(() -> invoke("echo", InvocationType.EVENT, " ".repeat(1024 * 1024 + 1)))
        .isInstanceOf(RequestTooLargeException.class);
  }

  private InvokeResponse invoke(String function, InvocationType type, String payload) {
    return lambda.invoke(
        invoke ->
            invoke
                .functionName(function)
                .invocationType(type)
                .payload(SdkBytes.fromUtf8String(payload)));
  }

  private static void explode() {
    throw new IllegalStateException("out of order");
  }
}
