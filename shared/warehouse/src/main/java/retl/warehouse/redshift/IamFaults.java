package retl.warehouse.redshift;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import retl.core.validation.Check.Remedy;
import retl.warehouse.Fault;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Why there are no temporary credentials. What AWS says names accounts and our own roles, so its
 * codes are looked at and its texts are not passed on.
 *
 * @param principal whom a role must trust
 */
record IamFaults(Place place, String principal) {
  static final Fault ROLE_NEEDED =
      new Fault(
          "role_needed",
          "This workspace may not use the rights of the service itself.",
          remedy(
              "Give a roleArn that may ask for credentials, or have the operator add the workspace to"
                  + " the parameter RedshiftWorkspaces."));

  static final Fault ROLE_CLOSED =
      new Fault(
          "role_closed",
          "The operator of this service has not opened this role.",
          remedy("Have the operator add the role to the parameter RedshiftRoles."));

  static final Fault NOT_AN_ENDPOINT =
      new Fault(
          "host_not_allowed",
          "Without a role, credentials of IAM go to endpoints of Redshift alone, with sslMode"
              + " verify-full.",
          remedy("Give the endpoint's own host name, or a roleArn."));

  private static final Set<String> DENIALS =
      Set.of("accessdenied", "accessdeniedexception", "unauthorizedoperation");

  /** We have no valid identity, ask in a wrong way, or the answer makes no sense. */
  static final Fault FAILED =
      new Fault(
          "iam_failed",
          "AWS gave no temporary credentials. Try again; if it happens again, have the operator look"
              + " at the worker's rights.",
          null);

  static boolean isDenial(AwsServiceException error) {
    return DENIALS.contains(codeOf(error));
  }

  private static String codeOf(AwsServiceException error) {
    AwsErrorDetails details = error.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code.toLowerCase(Locale.ROOT);
  }

  private static Remedy remedy(String text) {
    return new Remedy(text, List.of());
  }

  /** The fault of a role that could not be taken. */
  Fault ofRole(SdkException error, String role, String externalId) {
    return error instanceof AwsServiceException answer && isDenial(answer)
        ? new Fault(
            "role_denied",
            "The role does not exist, or does not let this service take it.",
            remedy(trust(role, externalId)))
        : ofBoth(error, "sts");
  }

  /** The fault of a role that anybody could use through us. */
  Fault unprotected(String role, String externalId) {
    return new Fault(
        "role_unprotected",
        "The role lets itself be taken in the name of any workspace.",
        remedy(trust(role, externalId)));
  }

  private String trust(String role, String externalId) {
    return "Let the trust policy of "
        + role
        + """
         be: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},\
        "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"%s"}}}]}"""
            .formatted(principal, externalId);
  }

  /** The fault of credentials that were not given. */
  Fault ofCredentials(SdkException error) {
    if (error instanceof AwsServiceException answer) {
      switch (codeOf(answer)) {
        case "clusternotfound", "clusternotfoundfault" -> {
          return new Fault(
              "unknown_cluster",
              "There is no cluster of this identifier in this account and region.",
              remedy("Check clusterIdentifier and region: " + place.region() + "."));
        }
        case "resourcenotfoundexception" -> {
          return new Fault(
              "unknown_workgroup",
              "There is no workgroup of this name in this account and region.",
              remedy("Check workgroup and region: " + place.region() + "."));
        }
        default -> {}
      }
      if (isDenial(answer)) {
        return denied();
      }
    }
    return ofBoth(error, place.isServerless() ? "redshift-serverless" : "redshift");
  }

  private Fault denied() {
    String role = place.settings().roleArn();
    return new Fault(
        "iam_denied",
        "IAM does not allow to ask for credentials of this database.",
        remedy(
            role == null
                ? "Have the operator add these resources to the parameter RedshiftResources: "
                    + place.policy()
                : "Give " + role + " this policy: " + place.policy()));
  }

  private Fault ofBoth(SdkException error, String service) {
    if (error instanceof AwsServiceException answer) {
      return answer.isThrottlingException()
          ? new Fault(
              "iam_throttled",
              "AWS takes no more calls of this kind for now. Try again later.",
              null)
          : FAILED;
    }
    return new Fault(
        "iam_unavailable",
        "AWS did not answer in time when it was asked for temporary credentials.",
        remedy(
            "Try again. Workers in a VPC need a way to the endpoint of "
                + service
                + ", by NAT or by an interface endpoint."));
  }
}
