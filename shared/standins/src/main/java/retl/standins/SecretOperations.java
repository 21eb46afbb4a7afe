package retl.standins;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.standins.Secret.Content;
import retl.standins.Secret.Version;

/**
 * What each operation of Secrets Manager does; one call at a time, so that each sees what the
 * earlier ones left. The limits are those of the API reference.
 */
final class SecretOperations {
  private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";

  /** What the service puts between a name and the end of its ARN: a dash and six characters. */
  private static final int ARN_SUFFIX = 7;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@-]{1,512}");
  private static final int MAX_ID = 2048;
  private static final int MAX_CONTENT_BYTES = 65_536;
  private static final int MAX_STAGES = 20;
  private static final int MAX_TAGS = 50;

  private final SecretShelf shelf;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  SecretOperations(SecretShelf shelf, Clock clock) {
    this.shelf = shelf;
    this.clock = clock;
  }

  /**
   * Performs an operation by its name in the API reference.
   *
   * @throws AwsError when the service would refuse it
   * @throws IOException when it could not be kept; then it has no effect
   */
  synchronized Map<String, Object> perform(String operation, Fields in) throws IOException {
    return switch (operation) {
      case "CreateSecret" -> create(in);
      case "GetSecretValue" -> value(inUse(in), in);
      case "PutSecretValue" -> put(inUse(in), in);
      case "DescribeSecret" -> described(found(in.text("SecretId", MAX_ID)));
      case "UpdateSecretVersionStage" -> moveStage(inUse(in), in);
      case "ListSecrets" -> SecretSearch.list(present(), in, SecretOperations::described);
      case "BatchGetSecretValue" -> values(in);
      case "DeleteSecret" -> delete(in);
      case "RestoreSecret" -> restore(found(in.text("SecretId", MAX_ID)));
      case "TagResource" -> tag(inUse(in), in);
      case "UntagResource" -> untag(inUse(in), in);
      default ->
          throw AwsError.client("UnknownOperationException", "The stand-in lacks " + operation);
    };
  }

  private Map<String, Object> create(Fields in) throws IOException {
    String name = in.text("Name", 512);
    if (!NAME.matcher(name).matches()) {
      throw Fields.invalid("name", "must hold only letters, digits and /_+=.@-");
    }
    Optional<Content> content = content(in);
    String token = token(in);
    Optional<Secret> there = present(name);
    if (there.isPresent()) {
      return createdBefore(there.get(), token, content);
    }
    Instant now = clock.instant();
    Secret empty =
        new Secret(
            name,
            ARN + name + "-" + suffix(),
            in.optionalText("Description", 2048).orElse(null),
            in.optionalText("KmsKeyId", MAX_ID).orElse(null),
            Map.copyOf(withTags(Map.of(), in)),
            List.of(),
            now,
            now,
            null,
            null);
    Secret secret =
        content.map(c -> empty.plus(token, c, Set.of(Secret.CURRENT), now)).orElse(empty);
    shelf.put(secret);
    return content.isPresent() ? named(secret, "VersionId", token) : named(secret);
  }

  /** A repeated call is answered as the first one was, any other one is refused. */
  private static Map<String, Object> createdBefore(
      Secret secret, String token, Optional<Content> content) {
    if (secret.scheduledForDeletion()) {
      throw AwsError.invalidRequest(
          "You can't create this secret because a secret with this name is already scheduled for"
              + " deletion.");
    }
    return secret
        .version(token)
        .filter(version -> content.equals(Optional.of(version.content())))
        .map(version -> named(secret, "VersionId", version.id()))
        .orElseThrow(
            () -> exists("The operation failed because the secret " + secret.name() + " exists."));
  }

  private Map<String, Object> put(Secret secret, Fields in) throws IOException {
    Content content =
        content(in)
            .orElseThrow(
                () -> AwsError.invalidRequest("You must provide SecretString or SecretBinary."));
    String token = token(in);
    Set<String> stages = stages(in);
    Optional<Version> there = secret.version(token);
    if (there.isPresent() && !there.get().content().equals(content)) {
      throw exists("The version " + token + " exists with other content.");
    }
    Secret after = secret;
    if (there.isEmpty()) {
      if (secret.versions().isEmpty()) {
        stages.add(Secret.CURRENT);
      }
      after = secret.plus(token, content, stages, clock.instant());
      shelf.put(after);
    }
    Map<String, Object> answer = named(after, "VersionId", token);
    answer.put(
        "VersionStages", after.version(token).map(v -> List.copyOf(v.stages())).orElse(List.of()));
    return answer;
  }

  private static Map<String, Object> value(Secret secret, Fields in) {
    Optional<String> id = in.optionalText("VersionId", 64);
    Optional<String> stage = in.optionalText("VersionStage", 256);
    Version version =
        id.isPresent()
            ? secret.version(id.get()).orElseThrow(() -> noValue("VersionId: " + id.get()))
            : secret
                .holding(stage.orElse(Secret.CURRENT))
                .orElseThrow(() -> noValue("staging label: " + stage.orElse(Secret.CURRENT)));
    if (stage.isPresent() && !version.stages().contains(stage.get())) {
      throw AwsError.invalidRequest("The VersionStage is not attached to the VersionId.");
    }
    return value(secret, version);
  }

  private static Map<String, Object> value(Secret secret, Version version) {
    Map<String, Object> answer = named(secret, "VersionId", version.id());
    putPresent(answer, "SecretString", version.content().text());
    putPresent(answer, "SecretBinary", version.content().base64());
    answer.put("VersionStages", List.copyOf(version.stages()));
    answer.put("CreatedDate", seconds(version.created()));
    return answer;
  }

  private Map<String, Object> values(Fields in) {
    return SecretSearch.values(present(), in, id -> value(inUse(id), new Fields(Map.of())));
  }

  /** What DescribeSecret and each row of ListSecrets tell. */
  private static Map<String, Object> described(Secret secret) {
    Map<String, Object> answer = named(secret);
    putPresent(answer, "Description", secret.description());
    putPresent(answer, "KmsKeyId", secret.kmsKeyId());
    answer.put(
        "Tags",
        secret.tags().entrySet().stream()
            .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
            .toList());
    answer.put("VersionIdsToStages", secret.stagesByVersion());
    answer.put("CreatedDate", seconds(secret.created()));
    answer.put("LastChangedDate", seconds(secret.changed()));
    if (secret.deleted() != null) {
      answer.put("DeletedDate", seconds(secret.deleted()));
    }
    return answer;
  }

  private Map<String, Object> moveStage(Secret secret, Fields in) throws IOException {
    String stage = in.text("VersionStage", 256);
    Optional<String> to = in.optionalText("MoveToVersionId", 64);
    Optional<String> from = in.optionalText("RemoveFromVersionId", 64);
    requireVersion(secret, to);
    requireVersion(secret, from);
    Optional<String> holder = secret.holding(stage).map(Version::id);
    if (to.isEmpty() && stage.equals(Secret.CURRENT)) {
      throw AwsError.invalidParameter("You can only move AWSCURRENT, not remove it.");
    }
    if (holder.isPresent() && !holder.equals(from) && !holder.equals(to)) {
      throw AwsError.invalidParameter(
          "The staging label is attached to version "
              + holder.get()
              + ", so RemoveFromVersionId must name that version.");
    }
    if (from.isPresent() && !holder.equals(from)) {
      throw AwsError.invalidParameter("The staging label is not on RemoveFromVersionId.");
    }
    Instant now = clock.instant();
    Secret after = to.isPresent() ? secret.attach(stage, to.get(), now) : secret.detach(stage, now);
    if (to.flatMap(after::version).filter(v -> v.stages().size() > MAX_STAGES).isPresent()) {
      throw AwsError.client("LimitExceededException", "A version can have 20 staging labels.");
    }
    shelf.put(after);
    return named(after);
  }

  private static void requireVersion(Secret secret, Optional<String> id) {
    if (id.isPresent() && secret.version(id.get()).isEmpty()) {
      throw noValue("VersionId: " + id.get());
    }
  }

  private Map<String, Object> delete(Fields in) throws IOException {
    Optional<Integer> window = in.number("RecoveryWindowInDays");
    boolean force = in.flag("ForceDeleteWithoutRecovery");
    if (force && window.isPresent()) {
      throw AwsError.invalidParameter(
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
    }
    int days = window.orElse(30);
    if (days < 7 || days > 30) {
      throw AwsError.invalidParameter(
          "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
    }
    return force ? deleteAtOnce(in) : deleteAfter(Duration.ofDays(days), inUse(in));
  }

  private Map<String, Object> deleteAfter(Duration window, Secret secret) throws IOException {
    Instant now = clock.instant();
    Instant end = now.plus(window);
    shelf.put(secret.deleted(now, end));
    return named(secret, "DeletionDate", seconds(end));
  }

  /** Never refused: neither for a secret that is not there nor for one that is scheduled. */
  private Map<String, Object> deleteAtOnce(Fields in) throws IOException {
    String id = in.text("SecretId", MAX_ID);
    double now = seconds(clock.instant());
    Optional<Secret> secret = find(id);
    if (secret.isEmpty()) {
      return new LinkedHashMap<>(Map.of("ARN", ARN + id, "Name", id, "DeletionDate", now));
    }
    shelf.remove(secret.get());
    return named(secret.get(), "DeletionDate", now);
  }

  private Map<String, Object> restore(Secret secret) throws IOException {
    shelf.put(secret.restored());
    return named(secret);
  }

  private Map<String, Object> tag(Secret secret, Fields in) throws IOException {
    shelf.put(secret.tagged(withTags(secret.tags(), in), clock.instant()));
    return Map.of();
  }

  private Map<String, Object> untag(Secret secret, Fields in) throws IOException {
    Map<String, String> fewer = new LinkedHashMap<>(secret.tags());
    in.texts("TagKeys").forEach(fewer::remove);
    shelf.put(secret.tagged(fewer, clock.instant()));
    return Map.of();
  }

  private static Map<String, String> withTags(Map<String, String> tags, Fields in) {
    Map<String, String> all = new LinkedHashMap<>(tags);
    for (Fields tag : in.objects("Tags")) {
      all.put(tag.text("Key", 128), tag.optionalText("Value", 256).orElse(""));
    }
    if (all.size() > MAX_TAGS) {
      throw AwsError.client("LimitExceededException", "A secret can have 50 tags.");
    }
    return all;
  }

  private static Optional<Content> content(Fields in) {
    Optional<String> text = in.optionalText("SecretString", MAX_CONTENT_BYTES);
    // Base64 of 65,536 bytes.
    Optional<String> base64 = in.optionalText("SecretBinary", 87_384);
    if (text.isPresent() && base64.isPresent()) {
      throw AwsError.invalidParameter("You can't specify both SecretString and SecretBinary.");
    }
    if (text.filter(t -> Wire.utf8(t).length > MAX_CONTENT_BYTES).isPresent()) {
      throw Fields.invalid("secretString", "must have a length of 1 to 65536");
    }
    return text.map(t -> new Content(t, null))
        .or(() -> base64.map(b -> new Content(null, canonical(b))));
  }

  private static String canonical(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length > MAX_CONTENT_BYTES) {
        throw Fields.invalid("secretBinary", "must have a length of 1 to 65536");
      }
      return Base64.getEncoder().encodeToString(bytes);
    } catch (IllegalArgumentException e) {
      throw AwsError.client("SerializationException", "Wrong type at 'SecretBinary'");
    }
  }

  /** The id of the version to be: the caller's token, so that a repeat is known as one. */
  private static String token(Fields in) {
    String token =
        in.optionalText("ClientRequestToken", 64).orElseGet(() -> UUID.randomUUID().toString());
    if (token.length() < 32) {
      throw AwsError.invalidParameter("ClientRequestToken must be 32-64 characters long.");
    }
    return token;
  }

  private static Set<String> stages(Fields in) {
    Set<String> stages = new LinkedHashSet<>(in.texts("VersionStages"));
    if (in.has("VersionStages") && (stages.isEmpty() || stages.size() > MAX_STAGES)) {
      throw Fields.invalid("versionStages", "must have 1 to 20 items");
    }
    return stages.isEmpty() ? new LinkedHashSet<>(Set.of(Secret.CURRENT)) : stages;
  }

  private Secret inUse(Fields in) {
    return inUse(in.text("SecretId", MAX_ID));
  }

  private Secret inUse(String id) {
    Secret secret = found(id);
    if (secret.scheduledForDeletion()) {
      throw AwsError.invalidRequest(
          "You can't perform this operation on the secret because it was marked for deletion.");
    }
    return secret;
  }

  private Secret found(String id) {
    return find(id)
        .orElseThrow(() -> AwsError.notFound("Secrets Manager can't find the specified secret."));
  }

  /** By name, by ARN, or by ARN without its random end. */
  private Optional<Secret> find(String id) {
    return id.startsWith("arn:")
        ? present().stream()
            .filter(s -> s.arn().equals(id) || isArnWithoutSuffix(s.arn(), id))
            .findFirst()
        : present(id);
  }

  private static boolean isArnWithoutSuffix(String arn, String id) {
    return arn.substring(0, arn.length() - ARN_SUFFIX).equals(id);
  }

  private Optional<Secret> present(String name) {
    return shelf.find(name).filter(this::stillThere);
  }

  private List<Secret> present() {
    return shelf.all().stream().filter(this::stillThere).toList();
  }

  private boolean stillThere(Secret secret) {
    return secret.gone() == null || clock.instant().isBefore(secret.gone());
  }

  private String suffix() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    StringBuilder suffix = new StringBuilder();
    random.ints(6, 0, alphabet.length()).forEach(i -> suffix.append(alphabet.charAt(i)));
    return suffix.toString();
  }

  private static Map<String, Object> named(Secret secret) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ARN", secret.arn());
    answer.put("Name", secret.name());
    return answer;
  }

  private static Map<String, Object> named(Secret secret, String key, Object value) {
    Map<String, Object> answer = named(secret);
    answer.put(key, value);
    return answer;
  }

  private static void putPresent(Map<String, Object> answer, String key, @Nullable Object value) {
    if (value != null) {
      answer.put(key, value);
    }
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private static AwsError exists(String message) {
    return AwsError.client("ResourceExistsException", message);
  }

  private static AwsError noValue(String which) {
    return AwsError.notFound("Secrets Manager can't find the specified secret value for " + which);
  }
}
