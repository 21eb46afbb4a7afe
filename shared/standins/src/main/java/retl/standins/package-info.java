/**
 * AWS on this machine, for tests and for the local service: DynamoDB as AWS's own emulator in a JVM
 * of its own, Secrets Manager and Lambda as small servers that speak the services' wire protocols,
 * so that the code under them is the code that is deployed.
 */
@NullMarked
package retl.standins;

import org.jspecify.annotations.NullMarked;
