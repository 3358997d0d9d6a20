# The role of member-role.yaml in every account of some organizational units, now and later. To be applied in the
# management account of the organization. A delegated administrator adds call_as = "DELEGATED_ADMIN" to both resources.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "service_principal_arn" {
  description = "The ARN of the role that the service runs as."
  type        = string
}

variable "external_id" {
  description = "As in ACCOUNTS, external-id=ID."
  type        = string
}

variable "organizational_unit_ids" {
  description = "Such as ou-ab12-3456cdef; the root of the organization, r-ab12, for all accounts."
  type        = list(string)
}

resource "aws_cloudformation_stack_set" "certway" {
  name             = "certway"
  template_body    = file("${path.module}/member-role.yaml")
  permission_model = "SERVICE_MANAGED"
  capabilities     = ["CAPABILITY_NAMED_IAM"]

  parameters = {
    ServicePrincipalArn = var.service_principal_arn
    ExternalId          = var.external_id
    MayWrite            = "false"
  }

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  lifecycle {
    ignore_changes = [administration_role_arn]
  }
}

# Roles are global: one region for the stacks, which is that of the provider.
resource "aws_cloudformation_stack_set_instance" "certway" {
  stack_set_name = aws_cloudformation_stack_set.certway.name

  deployment_targets {
    organizational_unit_ids = var.organizational_unit_ids
  }
}
