package retl.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import retl.aws.Environment;
import retl.local.LocalService.Options;
import retl.local.LocalService.WorkspacesFactory;
import retl.standins.AwsStandIns;
import retl.standins.LambdaStandIn;
import retl.standins.SecretsManagerStandIn;

/**
 * Local stores that hold what the sample events name, for functions that run by themselves. Jobs
 * are taken and not run: what a worker found out would change what later events meet.
 */
final class SampleEvents implements AutoCloseable {
  private final LocalService service;
  private final AwsStandIns idle;

  private SampleEvents(LocalService service, AwsStandIns idle) {
    this.service = service;
    this.idle = idle;
  }

  /**
   * Starts them in an empty folder.
   *
   * @param template the deployment's, beside which the folder of the events lies
   */
  static SampleEvents start(Path folder, Path template, WorkspacesFactory workspaces)
      throws IOException {
    LocalService service = LocalService.start(new Options(0, folder, false, template), workspaces);
    AwsStandIns idle =
        AwsStandIns.start(
            0,
            SecretsManagerStandIn.inMemory(),
            new LambdaStandIn(name -> Optional.of((id, event, answer) -> {})));
    SampleEvents samples = new SampleEvents(service, idle);
    new SampleData(
            new Environment(samples.environment()),
            template.toAbsolutePath().resolveSibling("events"))
        .write();
    return samples;
  }

  /** The variables that point a function at these stores. */
  Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>(service.ready().environment());
    variables.put("AWS_ENDPOINT_URL_LAMBDA", idle.endpoint().toString());
    return variables;
  }

  @Override
  public void close() {
    idle.close();
    service.close();
  }
}
