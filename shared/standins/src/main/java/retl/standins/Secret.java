package retl.standins;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A secret with its versions, and the rules by which staging labels move between them.
 *
 * @param versions oldest first
 * @param deleted when its deletion was asked for, null while it is in use
 * @param gone when its recovery window ends, null while it is in use
 */
record Secret(
    String name,
    String arn,
    @Nullable String description,
    @Nullable String kmsKeyId,
    Map<String, String> tags,
    List<Version> versions,
    Instant created,
    Instant changed,
    @Nullable Instant deleted,
    @Nullable Instant gone) {
  static final String CURRENT = "AWSCURRENT";
  static final String PREVIOUS = "AWSPREVIOUS";

  /** Older versions without a label are given up beyond this number, as the service does. */
  private static final int MAX_VERSIONS = 100;

  /** What a version keeps: a text, or bytes in base64; one of the two. */
  record Content(@Nullable String text, @Nullable String base64) {
    @Override
    public String toString() {
      return "Content[…]";
    }
  }

  /** One value of the secret; a version without labels is only reachable by its id. */
  record Version(String id, Content content, Instant created, Set<String> stages) {
    Version with(String stage) {
      Set<String> more = new LinkedHashSet<>(stages);
      more.add(stage);
      return new Version(id, content, created, more);
    }

    Version without(String stage) {
      Set<String> fewer = new LinkedHashSet<>(stages);
      fewer.remove(stage);
      return new Version(id, content, created, fewer);
    }
  }

  boolean scheduledForDeletion() {
    return deleted != null;
  }

  Optional<Version> version(String id) {
    return versions.stream().filter(v -> v.id().equals(id)).findFirst();
  }

  Optional<Version> holding(String stage) {
    return versions.stream().filter(v -> v.stages().contains(stage)).findFirst();
  }

  /** The labels of each version that has any. */
  Map<String, List<String>> stagesByVersion() {
    Map<String, List<String>> stages = new LinkedHashMap<>();
    versions.stream()
        .filter(v -> !v.stages().isEmpty())
        .forEach(v -> stages.put(v.id(), List.copyOf(v.stages())));
    return stages;
  }

  /** With a new version that takes over the labels. */
  Secret plus(String id, Content content, Set<String> stages, Instant now) {
    Version fresh = new Version(id, content, now, Set.of());
    Secret more = with(Stream.concat(versions.stream(), Stream.of(fresh)).toList(), now);
    for (String stage : stages) {
      more = more.attach(stage, id, now);
    }
    return more.with(more.keptVersions(), now);
  }

  /**
   * With the label on that version and no other. The label AWSPREVIOUS follows AWSCURRENT: it goes
   * to the version that AWSCURRENT leaves.
   */
  Secret attach(String stage, String versionId, Instant now) {
    Optional<Version> holder = holding(stage);
    if (holder.isPresent() && holder.get().id().equals(versionId)) {
      return this;
    }
    Secret moved = only(stage, versionId, now);
    return stage.equals(CURRENT) && holder.isPresent()
        ? moved.only(PREVIOUS, holder.get().id(), now)
        : moved;
  }

  /** With the label on no version. */
  Secret detach(String stage, Instant now) {
    return only(stage, "", now);
  }

  private Secret only(String stage, String versionId, Instant now) {
    return with(
        versions.stream()
            .map(v -> v.id().equals(versionId) ? v.with(stage) : v.without(stage))
            .toList(),
        now);
  }

  private List<Version> keptVersions() {
    List<Version> kept = new ArrayList<>(versions);
    for (Version old : versions) {
      if (kept.size() > MAX_VERSIONS && old.stages().isEmpty()) {
        kept.remove(old);
      }
    }
    return List.copyOf(kept);
  }

  Secret deleted(Instant now, Instant end) {
    return new Secret(name, arn, description, kmsKeyId, tags, versions, created, changed, now, end);
  }

  Secret restored() {
    return new Secret(
        name, arn, description, kmsKeyId, tags, versions, created, changed, null, null);
  }

  Secret tagged(Map<String, String> all, Instant now) {
    return new Secret(
        name, arn, description, kmsKeyId, Map.copyOf(all), versions, created, now, deleted, gone);
  }

  private Secret with(List<Version> others, Instant now) {
    return new Secret(name, arn, description, kmsKeyId, tags, others, created, now, deleted, gone);
  }

  /** Names only, never a value. */
  @Override
  public String toString() {
    return name + versions.stream().map(Version::id).collect(Collectors.toList());
  }
}
