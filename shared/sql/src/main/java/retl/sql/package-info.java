/**
 * Query sanitation: is this text exactly one read-only query, where and why not, and what is to be
 * run.
 *
 * <pre>{@code
 * try (SqlGate gate = new SqlGate()) {
 *   switch (gate.judge("select * from users -- all", Warehouse.POSTGRES)) {
 *     case Verdict.Accepted(AcceptedQuery query) -> run(query.preview(50).sql());
 *     case Verdict.Refused(var kind, var reason, var message, var at) -> show(message, at);
 *   }
 * }
 * }</pre>
 *
 * <p>The way of a text: {@link retl.sql.Lexer} cuts it into {@link retl.sql.Tokens} by the lexical
 * facts of its {@link retl.sql.Dialect}; {@link retl.sql.Gate} walks over the tokens and refuses by
 * the first {@link retl.sql.Rule} that is broken; what passes is wrapped by {@link
 * retl.sql.Wrapping}.
 */
@NullMarked
package retl.sql;

import org.jspecify.annotations.NullMarked;
