package retl.aws;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import retl.core.credential.NetworkRules;

/**
 * The environment variables of a function. {@code template.yaml} sets them; a missing one ends the
 * start of the function with a message that names all that are missing.
 */
public final class Environment {
  /** The DynamoDB table. */
  public static final String TABLE = "TABLE_NAME";

  /** What the names of all secrets begin with; the stack's name. */
  public static final String SECRET_PREFIX = "SECRET_PREFIX";

  /** The KMS key for secrets; empty for the account's default key. */
  public static final String SECRET_KEY = "SECRET_KMS_KEY";

  /** The secret that the deployment's own keys are derived from. */
  public static final String KEYS_SECRET = "KEYS_SECRET";

  /** The function that runs previews. */
  public static final String PREVIEW_FUNCTION = "PREVIEW_FUNCTION";

  /** The function that runs validations. */
  public static final String VALIDATION_FUNCTION = "VALIDATION_FUNCTION";

  /** The URL of the queue of validations that are due. */
  public static final String VALIDATION_QUEUE = "VALIDATION_QUEUE";

  /** The minutes between two validations by schedule; a divisor of the minutes of a day. */
  public static final String VALIDATE_EVERY = "VALIDATE_EVERY_MINUTES";

  /** The EventBridge bus on which changes of status are told, a name or an ARN; empty for none. */
  public static final String EVENT_BUS = "EVENT_BUS";

  /** How many models a workspace may have. */
  public static final String MODELS_LIMIT = "MODELS_PER_WORKSPACE";

  /** How many sources a workspace may have. */
  public static final String SOURCES_LIMIT = "SOURCES_PER_WORKSPACE";

  /** How many credentials a workspace may have. */
  public static final String CREDENTIALS_LIMIT = "CREDENTIALS_PER_WORKSPACE";

  /** How many tokens a workspace may have. */
  public static final String TOKENS_LIMIT = "TOKENS_PER_WORKSPACE";

  /** How many previews of a workspace may run at the same time. */
  public static final String PREVIEWS_LIMIT = "PREVIEWS_PER_WORKSPACE";

  /** {@code true} opens loopback hosts and connections without TLS; only local mode sets it. */
  public static final String LOCAL_MODE = "LOCAL_MODE";

  /** Where an emulator of Snowflake listens on this machine; looked at in local mode alone. */
  public static final String SNOWFLAKE_ENDPOINT = "SNOWFLAKE_ENDPOINT";

  /** Host name endings such as {@code .internal}, comma-separated, that the operator opens. */
  public static final String OPEN_HOSTS = "OPEN_HOST_SUFFIXES";

  /** Ranges of private addresses, comma-separated, that the operator opens for the workers. */
  public static final String OPEN_RANGES = "OPEN_RANGES";

  /**
   * ARNs of roles, comma-separated, that workers may take; {@code *} and {@code ?} as in policies.
   */
  public static final String REDSHIFT_ROLES = "REDSHIFT_ROLES";

  /** The workspaces, comma-separated, that may use the workers' own rights on Redshift. */
  public static final String REDSHIFT_WORKSPACES = "REDSHIFT_WORKSPACES";

  /** Whom a role must trust so that workers can take it, an ARN. */
  public static final String ROLE_PRINCIPAL = "ROLE_PRINCIPAL";

  /** The identity provider whose tokens are taken beside ours; empty for none. */
  public static final String OIDC_ISSUER = "OIDC_ISSUER";

  /** Whom the provider's tokens must be meant for. */
  public static final String OIDC_AUDIENCE = "OIDC_AUDIENCE";

  /** The claim of the provider's tokens that tells the workspace. */
  public static final String OIDC_WORKSPACE_CLAIM = "OIDC_WORKSPACE_CLAIM";

  /** {@code value=workspace}, comma-separated; empty when the claim tells the workspace's id. */
  public static final String OIDC_WORKSPACES = "OIDC_WORKSPACES";

  /** The claim of the provider's tokens that tells the role. */
  public static final String OIDC_ROLE_CLAIM = "OIDC_ROLE_CLAIM";

  /** {@code value=role}, comma-separated; empty when the claim tells the role by its name. */
  public static final String OIDC_ROLES = "OIDC_ROLES";

  private final Map<String, String> variables;

  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** Checks that these variables are set, and names all that are not. */
  public Environment require(String... names) {
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      if (optional(name).isEmpty()) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "These environment variables are missing: " + String.join(", ", missing));
    }
    return this;
  }

  /** A variable that must be set. */
  public String get(String name) {
    return optional(name)
        .orElseThrow(
            () -> new IllegalStateException("This environment variable is missing: " + name));
  }

  /** A variable; empty when it is not set or blank. */
  public Optional<String> optional(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** The region that AWS sets in every function. */
  public String region() {
    return optional("AWS_REGION").or(() -> optional("AWS_DEFAULT_REGION")).orElse("us-east-1");
  }

  /**
   * Where another endpoint than AWS's own is to be used for a service, as AWS's tools name the
   * variable.
   */
  public Optional<URI> endpoint(String service) {
    return optional("AWS_ENDPOINT_URL_" + service)
        .or(() -> optional("AWS_ENDPOINT_URL"))
        .map(URI::create);
  }

  /** How much a workspace may have. */
  public Limits limits() {
    require(MODELS_LIMIT, SOURCES_LIMIT, CREDENTIALS_LIMIT, TOKENS_LIMIT, PREVIEWS_LIMIT);
    return new Limits(
        Integer.parseInt(get(MODELS_LIMIT)),
        Integer.parseInt(get(SOURCES_LIMIT)),
        Integer.parseInt(get(CREDENTIALS_LIMIT)),
        Integer.parseInt(get(TOKENS_LIMIT)),
        Integer.parseInt(get(PREVIEWS_LIMIT)));
  }

  /** True for the whole service on one machine, which {@code ./dev} runs. */
  public boolean isLocal() {
    return optional(LOCAL_MODE).filter("true"::equals).isPresent();
  }

  /** What credentials of Snowflake lead to instead of their accounts; empty but in local mode. */
  public Optional<URI> snowflakeEndpoint() {
    return isLocal() ? optional(SNOWFLAKE_ENDPOINT).map(URI::create) : Optional.empty();
  }

  /** Which hosts credentials may name. */
  public NetworkRules networkRules() {
    Set<String> open =
        list(OPEN_HOSTS).filter(suffix -> suffix.startsWith(".")).collect(Collectors.toSet());
    return new NetworkRules(
        isLocal(),
        isLocal(),
        open,
        list(OPEN_RANGES).filter(range -> range.contains("/")).toList());
  }

  /** A variable with several values between commas; none when it is not set. */
  public List<String> listed(String name) {
    return list(name).toList();
  }

  private Stream<String> list(String name) {
    return optional(name).stream()
        .flatMap(list -> Stream.of(list.split(",", -1)))
        .map(String::strip)
        .filter(each -> !each.isEmpty());
  }
}
