package retl.standins;

import java.util.Map;

/** A refusal in the words of an AWS service; the messages never hold a secret. */
final class AwsError extends RuntimeException {
  private final int status;
  private final String type;

  AwsError(int status, String type, String message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  /** What most refusals of an AWS JSON service are: status 400. */
  static AwsError client(String type, String message) {
    return new AwsError(400, type, message);
  }

  static AwsError invalidParameter(String message) {
    return client("InvalidParameterException", message);
  }

  static AwsError invalidRequest(String message) {
    return client("InvalidRequestException", message);
  }

  static AwsError notFound(String message) {
    return client("ResourceNotFoundException", message);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  Map<String, Object> body() {
    return Map.of("__type", type, "Message", String.valueOf(getMessage()));
  }
}
