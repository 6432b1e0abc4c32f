package dev.regent.lab.cluster;

import dev.regent.lab.install.DataTemplate;
import dev.regent.lab.install.ServerInstall;
import dev.regent.lab.machine.LabFolders;
import java.util.ArrayList;
import java.util.List;

/** Writes a server's configuration file. */
final class ServerConfig {
  private ServerConfig() {}

  static String text(ServerPlace place, ServerInstall install, LabOptions options, Access access) {
    List<String> lines = new ArrayList<>();
    lines.add("[mariadbd]");
    lines.addAll(where(place, install));
    lines.addAll(replication(place, options));
    lines.addAll(small());
    lines.addAll(access.tls().map(ServerConfig::withTls).orElse(List.of("skip_ssl")));
    lines.add("# From the options of this cluster:");
    lines.addAll(options.config());
    return String.join("\n", lines) + "\n";
  }

  private static List<String> where(ServerPlace place, ServerInstall install) {
    List<String> lines = new ArrayList<>();
    install.placeArguments().forEach(argument -> lines.add(argument.substring("--".length())));
    lines.add("datadir=" + place.data());
    // Relative to datadir: the path of a socket has room for 107 bytes only.
    lines.add("socket=mariadb.sock");
    lines.add("pid_file=mariadbd.pid");
    // A server that starts deletes every temporary table in this folder, also those of others.
    lines.add("tmpdir=" + place.folder());
    // In a namespace of its own everything that leads to it is the lab's.
    lines.add("bind_address=" + (place.host().isPresent() ? "0.0.0.0" : ServerPlace.HOST));
    lines.add("port=" + place.port());
    if (LabFolders.isOwnedByRoot(place.folder())) {
      lines.add("user=root");
    }
    return lines;
  }

  private static List<String> replication(ServerPlace place, LabOptions options) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "server_id=" + place.serverId(),
                "report_host=" + place.hostAddress(),
                "report_port=" + place.port(),
                "log_bin=binlog",
                "relay_log=relay",
                "log_slave_updates=1",
                "gtid_strict_mode=1",
                "binlog_format=ROW",
                "binlog_row_image=FULL",
                "sync_binlog=1",
                "innodb_flush_log_at_trx_commit=1",
                // A server that comes back does nothing until it is told what it is now.
                "read_only=1",
                "skip_slave_start=1",
                "slave_parallel_threads=" + options.parallelThreads()));
    if (options.semiSync()) {
      // master_enabled is set on the primary only, at run time: on a replica it stalls the applier.
      lines.add("rpl_semi_sync_slave_enabled=1");
      lines.add("rpl_semi_sync_master_wait_point=AFTER_SYNC");
      lines.add("rpl_semi_sync_master_timeout=18446744073709551615");
    }
    return lines;
  }

  private static List<String> small() {
    List<String> lines = new ArrayList<>(DataTemplate.SIZES);
    lines.addAll(
        List.of(
            "innodb_buffer_pool_size=32M",
            "key_buffer_size=1M",
            "aria_pagecache_buffer_size=4M",
            "performance_schema=0",
            "skip_name_resolve=1",
            "innodb_buffer_pool_dump_at_shutdown=0",
            "innodb_buffer_pool_load_at_startup=0",
            "max_connections=300"));
    return lines;
  }

  private static List<String> withTls(TlsFiles files) {
    return List.of(
        "ssl_ca=" + files.authority(), "ssl_cert=" + files.certificate(), "ssl_key=" + files.key());
  }
}
