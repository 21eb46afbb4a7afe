package retl.core.credential;

/**
 * What opens a connection to a warehouse.
 *
 * @param workspace in whose name; whoever lets this service in can hold it to that
 * @param secret of the shape that the settings name
 */
public record Login<S extends Settings>(String workspace, S settings, Secret secret) {}
