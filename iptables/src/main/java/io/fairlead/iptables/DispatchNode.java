package io.fairlead.iptables;

import io.fairlead.iptables.DispatchTree.Entry;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a {@link DispatchTree} that share their first digits. It branches if and only if
 * it has more than {@link DispatchTree#LIMIT}.
 */
final class DispatchNode {

  private final int depth;

  /** A key whose first digits are this node's; null for the root only. */
  private final @Nullable DispatchKey sample;

  /** In order: all of a leaf, and of a branch the one whose key ends here. */
  private List<Entry> entries = new ArrayList<>(4);

  private @Nullable DispatchNode @Nullable [] children;
  private int count;

  /** Whether it may differ from {@link #committed}. */
  boolean dirty = true;

  /** The rules that were last handed out; null if none were. */
  @Nullable List<IptablesRule> committed;

  DispatchNode(int depth, @Nullable DispatchKey sample) {
    this.depth = depth;
    this.sample = sample;
  }

  /** Not for the root, whose name is the tree's. */
  String name() {
    return Objects.requireNonNull(sample).prefixName(depth);
  }

  List<DispatchNode> children() {
    @Nullable DispatchNode[] all = children;
    List<DispatchNode> present = new ArrayList<>();
    if (all != null) {
      for (DispatchNode child : all) {
        if (child != null) {
          present.add(child);
        }
      }
    }
    return present;
  }

  /** A branch with one way on is no chain of its own. */
  boolean isPassedOver() {
    return children != null && entries.isEmpty() && children().size() == 1;
  }

  @Nullable Entry find(DispatchKey key) {
    DispatchNode child = childFor(key);
    if (child != null) {
      return child.find(key);
    }
    int at = indexOf(key);
    return at < 0 ? null : entries.get(at);
  }

  /** Adds the rules on the way to an entry that is there. */
  void path(DispatchKey key, String name, boolean isRoot, List<DispatchTree.Step> steps) {
    DispatchNode child = childFor(key);
    if (child == null) {
      steps.add(new DispatchTree.Step(name, entries.get(indexOf(key)).rule()));
      return;
    }
    DispatchNode next = child.next();
    steps.add(new DispatchTree.Step(name, way(next, isRoot)));
    next.path(key, next.name(), false, steps);
  }

  /** The first of the way from here that is a chain. */
  private DispatchNode next() {
    DispatchNode next = this;
    while (next.isPassedOver()) {
      next = next.children().getFirst();
    }
    return next;
  }

  /** The rule that leads to another node's chain. */
  private IptablesRule way(DispatchNode next, boolean isRoot) {
    // What nothing below decides goes back to the last chain that has something to say to it.
    boolean comesBack = isRoot || !entries.isEmpty();
    List<Match> matches = Objects.requireNonNull(next.sample).prefixMatches(next.depth);
    String name = next.name();
    return Rules.rule(matches, comesBack ? new Target.Jump(name) : new Target.GoTo(name));
  }

  private @Nullable DispatchNode childFor(DispatchKey key) {
    return children == null || key.length() == depth ? null : children[key.digit(depth)];
  }

  private int indexOf(DispatchKey key) {
    int low = 0;
    int high = entries.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = entries.get(middle).key().compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** Returns whether there was none with this key. */
  boolean put(Entry entry) {
    dirty = true;
    DispatchKey key = entry.key();
    boolean isNew;
    if (children == null || key.length() == depth) {
      int at = indexOf(key);
      isNew = at < 0;
      if (isNew) {
        entries.add(-at - 1, entry);
      } else {
        entries.set(at, entry);
      }
    } else {
      isNew = childAt(children, key).put(entry);
    }
    if (isNew) {
      count++;
      if (children == null && count > DispatchTree.LIMIT) {
        split();
      }
    }
    return isNew;
  }

  private DispatchNode childAt(@Nullable DispatchNode[] all, DispatchKey key) {
    int digit = key.digit(depth);
    DispatchNode child = all[digit];
    if (child == null) {
      child = new DispatchNode(depth + 1, key);
      all[digit] = child;
    }
    return child;
  }

  private void split() {
    List<Entry> all = entries;
    entries = new ArrayList<>(1);
    @Nullable DispatchNode[] ways = new DispatchNode[16];
    children = ways;
    for (Entry entry : all) {
      if (entry.key().length() == depth) {
        entries.add(entry);
      } else {
        childAt(ways, entry.key()).put(entry);
      }
    }
  }

  /**
   * Returns whether there was one with this key.
   *
   * @param gone takes the names of chains whose nodes are gone
   */
  boolean remove(DispatchKey key, Set<String> gone) {
    DispatchNode child = childFor(key);
    int at = child == null ? indexOf(key) : -1;
    if (child == null ? at < 0 : !child.remove(key, gone)) {
      return false;
    }
    dirty = true;
    count--;
    if (child == null) {
      entries.remove(at);
    } else if (child.count == 0) {
      child.forget(gone);
      Objects.requireNonNull(children)[key.digit(depth)] = null;
    }
    if (children != null && count <= DispatchTree.LIMIT) {
      List<Entry> all = new ArrayList<>(count);
      children().forEach(below -> below.collect(all, gone));
      all.addAll(entries);
      entries = all;
      children = null;
    }
    return true;
  }

  private void collect(List<Entry> all, Set<String> gone) {
    forget(gone);
    children().forEach(below -> below.collect(all, gone));
    all.addAll(entries);
  }

  private void forget(Set<String> gone) {
    if (committed != null) {
      gone.add(name());
    }
  }

  /** Ways on first: an entry whose key ends here is for what those leave. */
  List<IptablesRule> rules(boolean isRoot) {
    List<IptablesRule> rules = new ArrayList<>();
    children().forEach(child -> rules.add(way(child.next(), isRoot)));
    entries.forEach(entry -> rules.add(entry.rule()));
    return rules;
  }
}
