/**
 * The whole service in one JVM, for development: the handlers that are deployed, behind a small
 * server that reads its routes from the deployment's template, with stand-ins for AWS and a real
 * PostgreSQL as the warehouse.
 */
@NullMarked
package retl.local;

import org.jspecify.annotations.NullMarked;
