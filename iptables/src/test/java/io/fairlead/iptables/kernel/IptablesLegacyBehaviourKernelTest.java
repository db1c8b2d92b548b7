package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.ServiceBehaviour;
import io.fairlead.iptables.IptablesServices;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** Services as chains of iptables, written by the programs of iptables-legacy, with packets. */
class IptablesLegacyBehaviourKernelTest extends ServiceBehaviour {

  @TempDir Path folder = Path.of("/nonexistent");
  private @Nullable LegacyXtables kernel;

  @Override
  protected String name() {
    return "iptables-legacy";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings) {
    kernel = new LegacyXtables(new TestPlace(node(), folder.resolve("lock")));
    return new IptablesServices(kernel, claims, settings, () -> {});
  }

  /** A reading waits for the programs that are under way. */
  @Override
  protected void settle(ServiceBackend backend) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        Objects.requireNonNull(kernel).read(family, table);
      }
    }
  }
}
