package io.fairlead.dataplane.netlink.nftables;

import java.util.List;

/** One change in a transaction. Its text is what one would tell nft, as far as nft has words. */
public sealed interface NfOperation {

  /** Makes the table; one that is there stays, and an orphan gets this socket as its owner. */
  record AddTable(NfTable table) implements NfOperation {
    @Override
    public String toString() {
      return "add " + table;
    }
  }

  /** Removes the table and everything in it. */
  record DeleteTable(TableName table) implements NfOperation {
    @Override
    public String toString() {
      return "delete table " + table;
    }
  }

  /** Makes the chain; one that is there stays. */
  record AddChain(NfChain chain) implements NfOperation {
    @Override
    public String toString() {
      return "add " + chain;
    }
  }

  /** Removes the chain, with its rules; EBUSY while a rule or element leads to it. */
  record DeleteChain(TableName table, String chain) implements NfOperation {
    @Override
    public String toString() {
      return "delete chain " + table + " " + chain;
    }
  }

  /** Removes all rules of the chain. */
  record FlushChain(TableName table, String chain) implements NfOperation {
    @Override
    public String toString() {
      return "flush chain " + table + " " + chain;
    }
  }

  /** Adds the rule at the chain's end. */
  record AddRule(NfRule rule) implements NfOperation {
    @Override
    public String toString() {
      return "add " + rule;
    }
  }

  /** Adds the rule before the one with the handle, or at the chain's beginning if that is 0. */
  record InsertRule(NfRule rule, long before) implements NfOperation {
    @Override
    public String toString() {
      String place = before == 0 ? "" : "handle " + before + " ";
      return "insert rule " + rule.table() + " " + rule.chain() + " " + place + rule.text();
    }
  }

  /** Puts the rule in the place of the one with the handle. */
  record ReplaceRule(NfRule rule, long handle) implements NfOperation {
    @Override
    public String toString() {
      String place = " handle " + handle + " ";
      return "replace rule " + rule.table() + " " + rule.chain() + place + rule.text();
    }
  }

  /** Removes the rule with the handle. */
  record DeleteRule(TableName table, String chain, long handle) implements NfOperation {
    @Override
    public String toString() {
      return "delete rule " + table + " " + chain + " handle " + handle;
    }
  }

  /** Makes the set or map; one that is there and alike stays. */
  record AddSet(NfSet set) implements NfOperation {
    @Override
    public String toString() {
      return "add " + set;
    }
  }

  /** Removes the set with its elements; EBUSY while a rule refers to it. */
  record DeleteSet(TableName table, String set) implements NfOperation {
    @Override
    public String toString() {
      return "delete set " + table + " " + set;
    }
  }

  /** Removes all elements. */
  record FlushSet(TableName table, String set) implements NfOperation {
    @Override
    public String toString() {
      return "flush set " + table + " " + set;
    }
  }

  /** Adds elements; one that is there with the same data stays. */
  record AddElements(NfSet set, List<SetElement> elements) implements NfOperation {
    public AddElements {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return NfElementsText.of("add", set, elements);
    }
  }

  /** Removes elements; ENOENT if one is not there. */
  record DeleteElements(NfSet set, List<SetElement> elements) implements NfOperation {
    public DeleteElements {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return NfElementsText.of("delete", set, elements);
    }
  }

  /** Makes the counter; one that is there stays as it is. */
  record AddCounter(NfCounter counter) implements NfOperation {
    @Override
    public String toString() {
      return "add " + counter;
    }
  }

  /** Removes the counter; EBUSY while a rule or element refers to it. */
  record DeleteCounter(TableName table, String counter) implements NfOperation {
    @Override
    public String toString() {
      return "delete counter " + table + " " + counter;
    }
  }
}
