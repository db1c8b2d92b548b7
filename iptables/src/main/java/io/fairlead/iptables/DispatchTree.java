package io.fairlead.iptables;

import io.fairlead.iptables.rule.IptablesRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule for a packet on a way whose length is the logarithm of the number of rules. Chains
 * are the nodes of a radix tree over {@link DispatchKey}'s digits: one with more than {@link
 * #LIMIT} entries leads to one chain per digit, or where all share more digits, per digit after
 * those; any other holds the rules themselves. It is a pure function of the set of entries, so that
 * a restart finds the chains that it left. A change rewrites the chains on its way that differ.
 */
final class DispatchTree {

  /** The most rules in a leaf. */
  static final int LIMIT = 16;

  /**
   * A rule and the packets that it is for.
   *
   * @param owner null if it is for no port of a Service
   */
  record Entry(DispatchKey key, IptablesRule rule, @Nullable PortId owner) {}

  private final String rootName;
  private final List<IptablesRule> head;
  private final List<IptablesRule> tail;
  private final DispatchNode root = new DispatchNode(0, null);

  /** Chains of nodes that are gone. */
  private final Set<String> gone = new LinkedHashSet<>();

  private int size;

  /**
   * @param head the rules before those of the tree in its first chain
   * @param tail the rules after them
   */
  DispatchTree(String rootName, List<IptablesRule> head, List<IptablesRule> tail) {
    this.rootName = rootName;
    this.head = head;
    this.tail = tail;
  }

  int size() {
    return size;
  }

  @Nullable Entry entry(DispatchKey key) {
    return root.find(key);
  }

  /** A rule of a chain. */
  record Step(String chain, IptablesRule rule) {}

  /** The rules by which packets with a key come to its entry, with that; none if there is none. */
  List<Step> path(DispatchKey key) {
    List<Step> steps = new ArrayList<>();
    if (root.find(key) != null) {
      root.path(key, rootName, true, steps);
    }
    return steps;
  }

  /** A rule of the first chain, before or behind those of the tree. */
  Step step(IptablesRule rule) {
    return new Step(rootName, rule);
  }

  /** Enters a rule, in place of one with the same key. */
  void put(Entry entry) {
    if (root.put(entry)) {
      size++;
    }
  }

  void remove(DispatchKey key) {
    if (root.remove(key, gone)) {
      size--;
    }
  }

  /** Puts all chains that differ since the last call, or at the first call all, the root last. */
  void flush(ChainSink sink) {
    List<String> gone = List.copyOf(this.gone);
    this.gone.clear();
    Set<String> put = new LinkedHashSet<>();
    flush(root, sink, put);
    for (String name : gone) {
      if (!put.contains(name)) {
        sink.delete(name);
      }
    }
  }

  private void flush(DispatchNode node, ChainSink sink, Set<String> put) {
    if (!node.dirty) {
      return;
    }
    node.dirty = false;
    for (DispatchNode child : node.children()) {
      flush(child, sink, put);
    }
    boolean isRoot = node == root;
    if (!isRoot && node.isPassedOver()) {
      if (node.committed != null) {
        sink.delete(node.name());
        node.committed = null;
      }
      return;
    }
    List<IptablesRule> rules = node.rules(isRoot);
    if (isRoot) {
      List<IptablesRule> all = new ArrayList<>(head);
      all.addAll(rules);
      all.addAll(tail);
      rules = all;
    }
    if (!Objects.equals(rules, node.committed)) {
      node.committed = rules;
      String name = isRoot ? rootName : node.name();
      put.add(name);
      sink.put(name, rules);
    }
  }
}
