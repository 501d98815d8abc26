//! One constraint family a file: its sentence, its maths, its rows and their test.

pub mod ballast;
pub mod budget;
pub mod crews;
pub mod firm_power;
pub mod hall_count;
pub mod locks;
pub mod long_lead;
pub mod machine_balance;
pub mod minimum_bill;
pub mod offer_choice;
pub mod offer_size;
pub mod policy_hashrate;
pub mod policy_mix;
pub mod policy_region;
pub mod policy_tenant;
pub mod racks;
pub mod site_power;
pub mod site_setup;
pub mod site_state;
pub mod speculation;
pub mod works_before_service;
pub mod works_order;
