# Nomad: groups in which perpd is process 1 of a container and keeps several services.
# SPDX-License-Identifier: Apache-2.0
job "shop" {
  type = "service"

  group "shop" {
    count = 3

    network {
      port "http" { to = 8080 }
    }

    # What perpd can't mend is restarted by Nomad, and moved when that does not help.
    restart {
      attempts = 2
      interval = "5m"
      delay    = "10s"
      mode     = "fail"
    }

    task "perpd" {
      driver = "docker"

      config {
        image           = "registry.invalid/shop:1"
        ports           = ["http"]
        readonly_rootfs = true
        mount {
          type   = "tmpfs"
          target = "/run"
        }
      }

      kill_signal  = "SIGTERM"
      kill_timeout = "30s"

      resources {
        cpu    = 100
        memory = 256
      }

      service {
        provider = "nomad"
        name     = "shop"
        port     = "http"

        check {
          name     = "web is up"
          type     = "script"
          command  = "/bin/perpok"
          args     = ["-b", "/etc/perp", "-u", "2", "web"]
          interval = "5s"
          timeout  = "2s"
          check_restart {
            limit = 6
            grace = "10s"
          }
        }
      }
    }
  }
}
