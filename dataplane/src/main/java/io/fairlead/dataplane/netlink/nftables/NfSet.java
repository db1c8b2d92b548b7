package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import java.util.List;

/**
 * A set or a map, without its elements.
 *
 * @param intervals whether keys are ranges
 * @param dynamic whether rules add elements
 * @param timeouts whether elements may go by themselves
 * @param timeoutMillis after how long, where an element does not say; 0 for never
 * @param size most elements; 0 for no limit
 * @param counters whether each element counts the packets that it is found for
 * @param comment with the description of the types at most 256 bytes; empty for none
 */
public record NfSet(
    TableName table,
    String name,
    List<Field> key,
    SetData data,
    boolean intervals,
    boolean dynamic,
    boolean timeouts,
    long timeoutMillis,
    int size,
    boolean counters,
    String comment) {

  public NfSet {
    key = List.copyOf(key);
  }

  /** A set of single values. */
  public static NfSet set(TableName table, String name, String comment, Field... key) {
    return map(table, name, comment, SetData.none(), key);
  }

  /** A map of single values. */
  public static NfSet map(
      TableName table, String name, String comment, SetData data, Field... key) {
    return new NfSet(table, name, List.of(key), data, false, false, false, 0, 0, false, comment);
  }

  public NfSet withIntervals() {
    return new NfSet(
        table, name, key, data, true, dynamic, timeouts, timeoutMillis, size, counters, comment);
  }

  /** Rules may add elements, at most {@code limit}. */
  public NfSet withDynamic(int limit) {
    return new NfSet(
        table, name, key, data, intervals, true, timeouts, timeoutMillis, limit, counters, comment);
  }

  /** Elements may have timeouts; without one of their own they get this one (0: none). */
  public NfSet withTimeout(long millis) {
    return new NfSet(
        table, name, key, data, intervals, dynamic, true, millis, size, counters, comment);
  }

  /** Each element counts: see {@link NfTablesKernel#counters(NfSet)}. */
  public NfSet withCounters() {
    return new NfSet(
        table, name, key, data, intervals, dynamic, timeouts, timeoutMillis, size, true, comment);
  }

  public boolean isMap() {
    return !(data instanceof SetData.None);
  }

  /** "map inet fairlead service-ipv4". */
  public String place() {
    return kind() + " " + table + " " + name;
  }

  /** "set" or "map". */
  String kind() {
    return isMap() ? "map" : "set";
  }

  /** Ranges of one field are kept as two elements, those of several as one (NFT_SET_CONCAT). */
  boolean hasPairs() {
    return intervals && key.size() == 1;
  }

  /** Whether an element is one value, and stays until it is deleted. */
  boolean hasPlainKeys() {
    return !intervals && !dynamic && !timeouts;
  }

  String typeText() {
    return "typeof " + FieldList.text(key) + data.text();
  }

  String flagsText() {
    return NfText.flags(
        intervals ? "interval" : "", dynamic ? "dynamic" : "", timeouts ? "timeout" : "");
  }

  @Override
  public String toString() {
    return kind()
        + " "
        + table
        + " "
        + name
        + NfText.block(
            typeText(),
            size == 0 ? "" : "size " + size,
            flagsText(),
            timeoutMillis == 0 ? "" : "timeout " + NfText.duration(timeoutMillis),
            counters ? "counter" : "",
            NfText.comment(comment));
  }
}
