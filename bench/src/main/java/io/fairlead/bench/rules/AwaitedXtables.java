package io.fairlead.bench.rules;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.XtablesChange;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesSnapshot;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * An iptables whose results can be waited for: a commit of the backend returns while changes are
 * still on their way. Not thread-safe.
 */
final class AwaitedXtables implements XtablesKernel {

  private final XtablesKernel kernel;
  private final List<CompletableFuture<Void>> results = new ArrayList<>();

  /** Takes over the kernel. */
  AwaitedXtables(XtablesKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public XtablesSnapshot read(AddressFamily family, IptablesTable table) throws IOException {
    return kernel.read(family, table);
  }

  @Override
  public CompletableFuture<Void> commit(
      AddressFamily family, IptablesTable table, XtablesChange change) {
    CompletableFuture<Void> result = kernel.commit(family, table, change);
    results.add(result);
    return result;
  }

  /** Returns once the kernel has all changes so far. */
  void await() throws IOException, InterruptedException {
    try {
      for (CompletableFuture<Void> result : results) {
        result.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("iptables refused a change: " + e.getCause(), e);
    } finally {
      results.clear();
    }
  }

  @Override
  public void cleanup() throws IOException {
    kernel.cleanup();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
