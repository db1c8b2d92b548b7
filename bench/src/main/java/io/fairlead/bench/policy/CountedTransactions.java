package io.fairlead.bench.policy;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Counts what is committed to a kernel. */
final class CountedTransactions {

  private long operations;
  private long elements;

  /** The same kernel, counted. */
  NfTablesKernel counted(NfTablesKernel kernel) {
    return (NfTablesKernel)
        Proxy.newProxyInstance(
            NfTablesKernel.class.getClassLoader(),
            new Class<?>[] {NfTablesKernel.class},
            (_, method, arguments) -> {
              if (arguments != null && arguments[0] instanceof NfTransaction transaction) {
                transaction.operations().forEach(this::count);
              }
              try {
                return method.invoke(kernel, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private void count(NfOperation operation) {
    operations++;
    if (operation instanceof NfOperation.AddElements added) {
      elements += added.elements().size();
    } else if (operation instanceof NfOperation.DeleteElements deleted) {
      elements += deleted.elements().size();
    }
  }

  Contender.Effort effort() {
    return new Contender.Effort(operations, elements);
  }
}
