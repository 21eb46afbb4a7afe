/** The query gate on the command line: for editors, commits and corpora. */
@NullMarked
package retl.tools.checksql;

import org.jspecify.annotations.NullMarked;
