/** Whether credentials work: the named checks, and how they are run as a job. */
@NullMarked
package retl.core.validation;

import org.jspecify.annotations.NullMarked;
