package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.rule.IptablesRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Changes of one table that wait for each other, joined into one. Not thread-safe. */
final class WaitingChange {

  private final AddressFamily family;
  private final Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
  private final Set<String> deleted = new LinkedHashSet<>();
  private final List<BuiltInJump> ensured = new ArrayList<>();
  private final List<XtablesSnapshot.HeldJump> removed = new ArrayList<>();
  private final List<CompletableFuture<Void>> results = new ArrayList<>();

  WaitingChange(AddressFamily family) {
    this.family = family;
  }

  /** Adds a change that comes after those so far. */
  void add(XtablesChange later, CompletableFuture<Void> result) {
    later
        .chains()
        .forEach((chain, rules) -> {
          deleted.remove(chain);
          chains.put(chain, rules);
        });
    for (String chain : later.deleted()) {
      chains.remove(chain);
      deleted.add(chain);
    }
    for (XtablesSnapshot.HeldJump jump : later.removed()) {
      ensured.removeIf(earlier -> isSame(earlier, jump));
      removed.add(jump);
    }
    for (BuiltInJump jump : later.ensured()) {
      removed.removeIf(earlier -> isSame(jump, earlier));
      ensured.removeIf(earlier -> earlier.equals(jump));
      ensured.add(jump);
    }
    results.add(result);
  }

  private boolean isSame(BuiltInJump jump, XtablesSnapshot.HeldJump held) {
    return jump.chain().equals(held.chain()) && jump.rule().text(family).equals(held.text());
  }

  XtablesChange change() {
    return new XtablesChange(chains, List.copyOf(deleted), ensured, removed);
  }

  /** Adds changes that come after those so far. */
  void add(WaitingChange later) {
    add(later.change(), new CompletableFuture<>());
    results.addAll(later.results);
  }

  void succeed() {
    results.forEach(result -> result.complete(null));
  }

  void fail(IOException cause) {
    results.forEach(result -> result.completeExceptionally(cause));
  }
}
