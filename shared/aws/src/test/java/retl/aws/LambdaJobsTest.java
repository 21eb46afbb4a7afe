package retl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import retl.core.job.Job;

@Execution(ExecutionMode.CONCURRENT)
class LambdaJobsTest {
  private static final Job JOB = new Job("ws1", "prv_1");
  private static final int SILENCE = 0;

  private final Deque<Integer> answers = new ArrayDeque<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer lambda;

  @BeforeEach
  void start() throws IOException {
    lambda = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    lambda.createContext("/", this::answer);
    lambda.setExecutor(threads);
    lambda.start();
  }

  @AfterEach
  void stop() {
    lambda.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type")
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    int status = answers.isEmpty() ? 202 : answers.removeFirst();
    if (status != SILENCE) {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    }
  }

  private LambdaJobs jobs(String function) {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + lambda.getAddress().getPort());
    return new Clients(new Environment(environment)).jobs(function);
  }

  @Test
  void handsOverTheIdsAlone() {
    jobs("run-preview").submit(JOB);

    assertThat(requests)
        .containsExactly(
            "POST /2015-03-31/functions/run-preview/invocations Event"
                + " {\"workspace\":\"ws1\",\"id\":\"prv_1\"}");
  }

  @Test
  void takesAnArnAsWell() {
    jobs("arn:aws:lambda:eu-central-1:123456789012:function:run-preview").submit(JOB);

    assertThat(requests)
        .singleElement()
        .asString()
        .startsWith(
            "POST /2015-03-31/functions/"
                + "arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Arun-preview/");
  }

  @Test
  void triesAgainWhenLambdaDoesNotTakeIt() {
    answers.addAll(List.of(429, 500));

    jobs("run-preview").submit(JOB);

    assertThat(requests).hasSize(3);
  }

  @Test
  void givesUpAfterThreeTries() {
    answers.addAll(Collections.nCopies(9, 503));

    assertThatThrownBy(() -> jobs("run-preview").submit(JOB)).isInstanceOf(RuntimeException.class);
    assertThat(requests).hasSize(3);
  }

  @Test
  void doesNotWaitForALambdaThatIsSilent() {
    answers.addAll(Collections.nCopies(9, SILENCE));

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> jobs("run-preview").submit(JOB))
                .isInstanceOf(RuntimeException.class));
    assertThat(requests).hasSize(3);
  }
}
