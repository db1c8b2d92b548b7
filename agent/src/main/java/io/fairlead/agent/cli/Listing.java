package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.Selection;
import java.util.List;

/**
 * A kind of thing that {@code fairlead get} lists. Pure.
 *
 * @param <R> the report that the agent answers with
 */
interface Listing<R> {

  /** Such as "pods". */
  String name();

  /** A sentence for the help. */
  String description();

  /** Whether its things are in namespaces. */
  boolean isNamespaced();

  /** What the agent is asked, with the query. */
  default String path(Selection selection, boolean wide) {
    return "/" + name() + selection.query();
  }

  R parse(String json) throws JsonProcessingException;

  /** The node whose agent made the report. */
  String node(R report);

  /** What of the report is selected, for agents that tell all. */
  default R only(R report, Selection selection) {
    return report;
  }

  /** The headings above the rows. */
  List<String> headings(boolean wide);

  /** What is listed. */
  List<Row> rows(R report, boolean wide);

  /** What is listed, each thing once; machines do not look at the cells. */
  default List<Row> things(R report) {
    return rows(report, true);
  }

  /** All of it for people. */
  String text(R report, boolean wide);

  /**
   * One line.
   *
   * @param id tells it from the others, and stays the same when it changes
   * @param thing for machines
   */
  record Row(String id, List<String> cells, Object thing) {}

  /** The rows in columns, or a sentence if there are none. */
  static String table(List<String> headings, List<Row> rows, String nothing) {
    if (rows.isEmpty()) {
      return nothing + "\n";
    }
    Table table = new Table(headings.toArray(String[]::new));
    rows.forEach(row -> table.row(row.cells().toArray(String[]::new)));
    return table.toString();
  }

  /** Headings of which the last are for -o wide only. */
  static List<String> some(List<String> all, int narrow, boolean wide) {
    return wide ? all : all.subList(0, narrow);
  }
}
