package retl.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import retl.standins.AwsStandIns;
import retl.standins.DynamoDbLocal;
import retl.standins.Faults;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;
import retl.standins.SqsStandIn;

/**
 * The whole service in this JVM, with its stand-ins beside it, over one folder of data. Its parts
 * start side by side; when one of them does not start, those that did are ended.
 */
public final class LocalService implements AutoCloseable {
  /** The two workspaces there are, so that one can be seen not to reach the other. */
  static final List<String> WORKSPACES = List.of("main", "other");

  private static final String STACK = "retl-local";

  /**
   * How to run it.
   *
   * @param port where the API answers, 0 for any free port
   * @param data the folder that keeps everything
   * @param sample whether there is a sample warehouse
   * @param template the deployment's template
   * @param validateEvery how often saved credentials are validated again; empty for never
   * @param snowflakeEndpoint an emulator of Snowflake; empty for the accounts themselves
   * @param origins of web pages that may call, exactly as browsers send them
   * @param variables further ones for the functions, over those that they have anyway
   */
  public record Options(
      int port,
      Path data,
      boolean sample,
      Path template,
      Optional<ValidateEvery> validateEvery,
      Optional<URI> snowflakeEndpoint,
      Set<String> origins,
      Map<String, String> variables) {
    public Options {
      origins = Set.copyOf(origins);
      variables = Map.copyOf(variables);
    }

    /** Without validations by schedule, and with nothing else that is optional. */
    public Options(int port, Path data, boolean sample, Path template) {
      this(port, data, sample, template, Optional.empty(), Optional.empty(), Set.of(), Map.of());
    }
  }

  /**
   * Where it answers and to whom.
   *
   * @param tokens by workspace and role
   * @param environment the variables that point a function at these stores
   * @param credential the body of a request that stores the sample warehouse's credential; empty
   *     when there is no sample warehouse
   */
  public record Ready(
      URI url,
      Map<String, Map<String, String>> tokens,
      Map<String, String> environment,
      Optional<Map<String, Object>> credential) {
    /** Names whom it answers to, not their tokens. */
    @Override
    public String toString() {
      return "Ready[" + url + ", " + tokens.keySet() + "]";
    }
  }

  private final Deque<AutoCloseable> newestFirst = new ArrayDeque<>();
  private @Nullable Ready ready;

  private LocalService() {}

  /**
   * Starts it and returns when it answers.
   *
   * @param workspaces makes the service's own part from the environment of its functions
   * @throws IOException if a part does not start; the message says why, in one line
   */
  public static LocalService start(Options options, WorkspacesFactory workspaces)
      throws IOException {
    LocalService service = new LocalService();
    try {
      service.ready = service.startParts(options, workspaces);
      return service;
    } catch (IOException | RuntimeException | Error e) {
      service.close();
      throw e;
    }
  }

  /** Makes the service's own part of a place to run in. */
  @FunctionalInterface
  public interface WorkspacesFactory {
    /** Over the stores that this environment of functions names. */
    Workspaces over(Map<String, String> environment);
  }

  /** Where it answers and to whom. */
  public Ready ready() {
    if (ready == null) {
      throw new IllegalStateException("It has not started");
    }
    return ready;
  }

  /** Ends all parts, the newest first, each even when another one does not end as it should. */
  @Override
  public void close() {
    for (AutoCloseable part : newestFirst) {
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("dev: " + e.getMessage());
      }
    }
  }

  private Ready startParts(Options options, WorkspacesFactory factory) throws IOException {
    DataFolder data = opened(DataFolder.open(options.data()));
    // At once, not only when the parts that take seconds are there.
    HttpFront.requireFree(options.port());
    Files.deleteIfExists(data.resolve("dev.json"));
    Template template = Template.read(options.template());
    AtomicReference<@Nullable Functions> functions = new AtomicReference<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<SampleWarehouse>> warehouse = threads.submit(() -> warehouse(options, data));
      Future<DynamoDbLocal> dynamo =
          threads.submit(() -> opened(DynamoDbLocal.start(data.resolve("dynamodb"), 0)));
      AwsStandIns standIns = opened(standIns(data, template, functions));
      Map<String, String> environment = environment(await(dynamo).endpoint(), standIns.endpoint());
      environment.put(
          ValidateEvery.VARIABLE,
          Integer.toString(options.validateEvery().orElse(ValidateEvery.DAY).minutes()));
      options
          .snowflakeEndpoint()
          .ifPresent(endpoint -> environment.put("SNOWFLAKE_ENDPOINT", endpoint.toString()));
      environment.putAll(options.variables());
      Workspaces workspaces = factory.over(environment);
      workspaces.prepare();
      Functions all = Functions.of(template, environment);
      functions.set(all);
      HttpFront front = opened(HttpFront.start(options.port(), template, all, options.origins()));
      opened(Schedule.start(schedules(template, options), all::find, Clock.systemUTC()));
      KeptTokens tokens = new KeptTokens(data.resolve("tokens.json"), workspaces);
      return new Ready(
          front.url(),
          tokens.of(WORKSPACES),
          environment,
          await(warehouse).map(LocalService::credential));
    }
  }

  private Optional<SampleWarehouse> warehouse(Options options, DataFolder data) throws IOException {
    return options.sample()
        ? Optional.of(opened(SampleWarehouse.start(data.resolve("warehouse"))))
        : Optional.empty();
  }

  /** Without the one that looks for what is due, when nothing ever is. */
  private static List<Template.Schedule> schedules(Template template, Options options) {
    return template.schedules().stream()
        .filter(
            schedule ->
                options.validateEvery().isPresent()
                    || Optional.ofNullable(template.functions().get(schedule.function()))
                        .filter(it -> it.variables().containsKey(ValidateEvery.VARIABLE))
                        .isEmpty())
        .toList();
  }

  private static AwsStandIns standIns(
      DataFolder data, Template template, AtomicReference<@Nullable Functions> functions)
      throws IOException {
    SecretsManagerStandIn secrets =
        new SecretsManagerStandIn(data.resolve("secrets"), Clock.systemUTC(), Faults.NONE);
    LambdaStandIn lambda =
        new LambdaStandIn(
            name -> Optional.ofNullable(functions.get()).flatMap(all -> all.find(name)));
    SqsStandIn sqs =
        new SqsStandIn(
            queue ->
                Optional.ofNullable(template.consumers().get(queue))
                    .flatMap(
                        consumer ->
                            Optional.ofNullable(functions.get())
                                .flatMap(all -> all.find(consumer))),
            Clock.systemUTC());
    return AwsStandIns.start(0, secrets, lambda, sqs);
  }

  /** What the functions are told that the deployment would tell them otherwise. */
  static Map<String, String> environment(URI dynamo, URI standIns) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("TABLE_NAME", STACK);
    environment.put("KEYS_SECRET", STACK + "/keys");
    environment.put("SECRET_PREFIX", STACK);
    environment.put("SECRET_KMS_KEY", "");
    environment.put("OPEN_HOST_SUFFIXES", "");
    environment.put("OPEN_RANGES", "");
    environment.put("REDSHIFT_ROLES", "");
    environment.put("REDSHIFT_WORKSPACES", "");
    environment.put("ROLE_PRINCIPAL", "");
    // Nobody listens here.
    environment.put("EVENT_BUS", "");
    for (String variable : List.of("ISSUER", "AUDIENCE", "WORKSPACES", "ROLES")) {
      environment.put("OIDC_" + variable, "");
    }
    environment.put("LOCAL_MODE", "true");
    environment.put("AWS_REGION", "us-east-1");
    // The stand-ins take any; a developer's own are neither looked for nor sent anywhere.
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.toString());
    environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", standIns.toString());
    environment.put("AWS_ENDPOINT_URL_LAMBDA", standIns.toString());
    environment.put("AWS_ENDPOINT_URL_SQS", standIns.toString());
    return environment;
  }

  private static Map<String, Object> credential(SampleWarehouse warehouse) {
    Map<String, Object> credential = new LinkedHashMap<>();
    credential.put("name", "Sample warehouse");
    credential.put("warehouse", "postgres");
    credential.put("settings", warehouse.settings());
    credential.put("secret", warehouse.secret());
    return credential;
  }

  /** Parts start on several threads, and may have started when another one has failed already. */
  private <T extends AutoCloseable> T opened(T part) {
    synchronized (newestFirst) {
      newestFirst.push(part);
    }
    return part;
  }

  private static <T> T await(Future<T> part) throws IOException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      // What it failed of stands in its cause, which is never missing here.
      throw new IOException(
          e.getCause() instanceof IOException reason ? reason.getMessage() : e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
