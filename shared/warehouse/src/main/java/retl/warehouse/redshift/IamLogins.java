package retl.warehouse.redshift;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import retl.core.credential.Login;
import retl.core.credential.RedshiftSettings;
import retl.warehouse.CheckFailed;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsResponse;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Asks AWS for a user and a password of a database that end after a quarter of an hour.
 *
 * <p>Many workspaces share our one identity, so what it may do must not be what each of them may
 * do. A role is taken only under an external id that begins with the workspace, and only when it
 * refuses any other one: else whoever knows its ARN could use it through us. Our own rights are for
 * the workspaces that the operator names.
 */
final class IamLogins {
  private static final int ATTEMPTS = 2;

  /** The shortest that each of these services gives. */
  private static final int SECONDS = 900;

  /** No workspace has this name. */
  private static final String NOBODY = "wsp_0";

  private final Iam iam;

  IamLogins(Iam iam) {
    this.iam = iam;
  }

  /** The external id that a role must ask for to be taken in the name of this workspace. */
  static String externalId(String workspace, @Nullable String own) {
    return own == null ? workspace : workspace + "/" + own;
  }

  /**
   * A login for these settings.
   *
   * @throws CheckFailed with what mends it; what AWS said stays in here
   */
  DatabaseLogin of(Login<RedshiftSettings> login) throws CheckFailed {
    RedshiftSettings settings = login.settings();
    Place place = Place.of(settings, iam.region());
    IamFaults faults = new IamFaults(place, iam.principal());
    AwsCredentialsProvider identity =
        settings.roleArn() == null
            ? ownRights(login, place)
            : role(login.workspace(), settings, settings.roleArn(), place, faults);
    try {
      DatabaseLogin given =
          place.isServerless()
              ? ofWorkgroup(settings, place, identity)
              : ofCluster(settings, place, identity);
      if (given.name() == null || given.password() == null) {
        throw new CheckFailed(IamFaults.FAILED);
      }
      return given;
    } catch (SdkException e) {
      throw new CheckFailed(faults.ofCredentials(e));
    }
  }

  // A password for what is not the workspace's own must not reach a server of its choice.
  private AwsCredentialsProvider ownRights(Login<RedshiftSettings> login, Place place)
      throws CheckFailed {
    if (!iam.workspaces().contains(login.workspace())) {
      throw new CheckFailed(IamFaults.ROLE_NEEDED);
    }
    if (!place.isEndpoint() || !login.settings().sslMode().equals("verify-full")) {
      throw new CheckFailed(IamFaults.NOT_AN_ENDPOINT);
    }
    return iam.identity();
  }

  private AwsCredentialsProvider role(
      String workspace, RedshiftSettings settings, String role, Place place, IamFaults faults)
      throws CheckFailed {
    if (!iam.opens(role)) {
      throw new CheckFailed(IamFaults.ROLE_CLOSED);
    }
    String externalId = externalId(workspace, settings.externalId());
    AssumeRoleRequest request =
        AssumeRoleRequest.builder()
            .roleArn(role)
            .roleSessionName("retl-models-" + workspace)
            .externalId(externalId)
            .durationSeconds(SECONDS)
            .policy(place.policy())
            .build();
    try (StsClient sts = configured(StsClient.builder(), iam.region(), iam.identity(), "STS")) {
      if (isTaken(sts, request.toBuilder().externalId(ofNobody()).build())) {
        throw new CheckFailed(faults.unprotected(role, externalId));
      }
      Credentials taken = sts.assumeRole(request).credentials();
      if (taken == null) {
        throw new CheckFailed(IamFaults.FAILED);
      }
      return StaticCredentialsProvider.create(
          AwsSessionCredentials.create(
              taken.accessKeyId(), taken.secretAccessKey(), taken.sessionToken()));
    } catch (SdkException e) {
      throw new CheckFailed(faults.ofRole(e, role, externalId));
    }
  }

  private static String ofNobody() {
    return externalId(NOBODY, UUID.randomUUID().toString());
  }

  private static boolean isTaken(StsClient sts, AssumeRoleRequest request) {
    try {
      sts.assumeRole(request);
      return true;
    } catch (AwsServiceException e) {
      if (IamFaults.isDenial(e)) {
        return false;
      }
      throw e;
    }
  }

  private DatabaseLogin ofCluster(
      RedshiftSettings settings, Place place, AwsCredentialsProvider identity) {
    try (RedshiftClient redshift =
        configured(RedshiftClient.builder(), place.region(), identity, "REDSHIFT")) {
      GetClusterCredentialsResponse given =
          redshift.getClusterCredentials(
              request ->
                  request
                      .clusterIdentifier(settings.clusterIdentifier())
                      .dbUser(settings.user())
                      .dbName(settings.database())
                      .autoCreate(false)
                      .durationSeconds(SECONDS));
      return new DatabaseLogin(given.dbUser(), given.dbPassword(), settings.user());
    }
  }

  // Here the user is the role's own, whatever the settings say.
  private DatabaseLogin ofWorkgroup(
      RedshiftSettings settings, Place place, AwsCredentialsProvider identity) {
    try (RedshiftServerlessClient serverless =
        configured(
            RedshiftServerlessClient.builder(), place.region(), identity, "REDSHIFT_SERVERLESS")) {
      GetCredentialsResponse given =
          serverless.getCredentials(
              request ->
                  request
                      .workgroupName(settings.workgroup())
                      .dbName(settings.database())
                      .durationSeconds(SECONDS));
      return new DatabaseLogin(given.dbUser(), given.dbPassword(), given.dbUser());
    }
  }

  private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> C configured(
      B builder, String region, AwsCredentialsProvider identity, String service) {
    iam.endpoints().apply(service).ifPresent(builder::endpointOverride);
    return builder
        .httpClient(iam.http())
        .region(Region.of(region))
        .credentialsProvider(identity)
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallTimeout(iam.attempt().multipliedBy(ATTEMPTS))
                .apiCallAttemptTimeout(iam.attempt())
                .retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .build())
                // A file of the home folder could lead it elsewhere.
                .defaultProfileFile(ProfileFile.aggregator().build())
                .addExecutionInterceptor(new ShortAnswers())
                .build())
        .build();
  }

  /** Ends an answer that is longer than any of these: the SDK would take all of it into memory. */
  private static final class ShortAnswers implements ExecutionInterceptor {
    private static final int MAX = 64 * 1024;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      return context.responseBody().map(body -> new Bounded(body, MAX));
    }
  }

  private static final class Bounded extends FilterInputStream {
    private int left;

    Bounded(InputStream in, int left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      return counted(in.read(), 1);
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int got = in.read(bytes, from, count);
      return counted(got, got);
    }

    private int counted(int result, int bytes) throws IOException {
      left -= result < 0 ? 0 : bytes;
      if (left < 0) {
        throw new IOException("The answer is longer than any should be.");
      }
      return result;
    }
  }
}
