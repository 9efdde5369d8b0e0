-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "account_role" AS ENUM ('admin', 'user');

-- CreateEnum
CREATE TYPE "membership_role" AS ENUM ('business_owner', 'staff');

-- CreateEnum
CREATE TYPE "tier" AS ENUM ('free', 'basic', 'pro', 'enterprise');

-- CreateEnum
CREATE TYPE "call_type" AS ENUM ('inbound', 'outbound');

-- CreateEnum
CREATE TYPE "call_status" AS ENUM ('ringing', 'in_progress', 'completed', 'missed', 'forwarded', 'rejected', 'failed');

-- CreateEnum
CREATE TYPE "call_intent" AS ENUM ('none', 'message', 'appointment', 'hours', 'emergency', 'forwarded');

-- CreateEnum
CREATE TYPE "recording_status" AS ENUM ('pending', 'stored', 'settled', 'failed');

-- CreateEnum
CREATE TYPE "transcript_status" AS ENUM ('completed', 'failed');

-- CreateEnum
CREATE TYPE "appointment_status" AS ENUM ('pending', 'confirmed', 'cancelled');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" BYTEA NOT NULL,
    "email_index" BYTEA NOT NULL,
    "name" BYTEA NOT NULL,
    "role" "account_role" NOT NULL DEFAULT 'user',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_login" TIMESTAMPTZ(3),
    "failed_login_attempts" INTEGER NOT NULL DEFAULT 0,
    "account_locked_until" TIMESTAMPTZ(3),
    "two_factor_enabled" BOOLEAN NOT NULL DEFAULT false,
    "two_factor_secret" BYTEA,
    "data_processing_consent" BOOLEAN NOT NULL DEFAULT false,
    "marketing_consent" BOOLEAN NOT NULL DEFAULT false,
    "consent_date" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credentials" (
    "user_id" UUID NOT NULL,
    "password_hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "business_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "idle_seconds" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "ip_address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unknown_sign_ins" (
    "email_index" BYTEA NOT NULL,
    "failed_login_attempts" INTEGER NOT NULL DEFAULT 0,
    "account_locked_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unknown_sign_ins_pkey" PRIMARY KEY ("email_index")
);

-- CreateTable
CREATE TABLE "memberships" (
    "business_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "membership_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("business_id","user_id")
);

-- CreateTable
CREATE TABLE "businesses" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "contact_email" BYTEA NOT NULL,
    "greeting" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "weekly_hours" JSONB NOT NULL,
    "exceptions" JSONB NOT NULL DEFAULT '[]',
    "tier" "tier" NOT NULL DEFAULT 'free',
    "monthly_minutes_limit" INTEGER NOT NULL,
    "forward_when_open" BOOLEAN NOT NULL DEFAULT true,
    "emergency_forwarding" BOOLEAN NOT NULL DEFAULT false,
    "ring_seconds" INTEGER NOT NULL DEFAULT 20,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "businesses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "phone_routes" (
    "number" TEXT NOT NULL,
    "business_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "phone_routes_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "duty_contacts" (
    "business_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" BYTEA NOT NULL,
    "phone" BYTEA NOT NULL,

    CONSTRAINT "duty_contacts_pkey" PRIMARY KEY ("business_id","id")
);

-- CreateTable
CREATE TABLE "calls" (
    "business_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "call_sid" TEXT NOT NULL,
    "type" "call_type" NOT NULL,
    "status" "call_status" NOT NULL,
    "intent" "call_intent" NOT NULL DEFAULT 'none',
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "called_number" TEXT NOT NULL,
    "caller_number" BYTEA,
    "caller_number_index" BYTEA,
    "caller_name" BYTEA,
    "wanted" BYTEA,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "seconds_used" INTEGER NOT NULL DEFAULT 0,
    "seconds_charged" INTEGER NOT NULL DEFAULT 0,
    "heard_at" TIMESTAMPTZ(3),
    "heard_by" UUID,
    "called_back_at" TIMESTAMPTZ(3),
    "called_back_by" UUID,

    CONSTRAINT "calls_pkey" PRIMARY KEY ("business_id","id")
);

-- CreateTable
CREATE TABLE "call_events" (
    "business_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "call_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "said" BYTEA,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "call_events_pkey" PRIMARY KEY ("business_id","id")
);

-- CreateTable
CREATE TABLE "recordings" (
    "business_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "call_id" UUID NOT NULL,
    "recording_sid" TEXT NOT NULL,
    "status" "recording_status" NOT NULL DEFAULT 'pending',
    "seconds" INTEGER NOT NULL,
    "storage_key" TEXT,
    "content_type" TEXT,
    "bytes" INTEGER,
    "sha256" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "stored_at" TIMESTAMPTZ(3),
    "remote_deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "recordings_pkey" PRIMARY KEY ("business_id","id")
);

-- CreateTable
CREATE TABLE "transcripts" (
    "business_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "call_id" UUID NOT NULL,
    "recording_sid" TEXT NOT NULL,
    "status" "transcript_status" NOT NULL,
    "text" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transcripts_pkey" PRIMARY KEY ("business_id","id")
);

-- CreateTable
CREATE TABLE "appointments" (
    "business_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_name" BYTEA NOT NULL,
    "customer_phone" BYTEA,
    "customer_phone_index" BYTEA,
    "customer_email" BYTEA,
    "customer_email_index" BYTEA,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT NOT NULL,
    "status" "appointment_status" NOT NULL DEFAULT 'pending',
    "notes" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "appointments_pkey" PRIMARY KEY ("business_id","id")
);

-- CreateTable
CREATE TABLE "audit_logs" (
    "id" UUID NOT NULL,
    "business_id" UUID,
    "user_id" UUID,
    "action" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',
    "timestamp" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_logs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" UUID NOT NULL,
    "business_id" UUID,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "run_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease" UUID,
    "leased_until" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),
    "dead_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_index_key" ON "users"("email_index");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "unknown_sign_ins_updated_at_idx" ON "unknown_sign_ins"("updated_at");

-- CreateIndex
CREATE INDEX "memberships_user_id_idx" ON "memberships"("user_id");

-- CreateIndex
CREATE INDEX "phone_routes_business_id_idx" ON "phone_routes"("business_id");

-- CreateIndex
CREATE UNIQUE INDEX "duty_contacts_business_id_position_key" ON "duty_contacts"("business_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "calls_call_sid_key" ON "calls"("call_sid");

-- CreateIndex
CREATE INDEX "calls_business_id_started_at_id_idx" ON "calls"("business_id", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "calls_business_id_caller_number_index_started_at_idx" ON "calls"("business_id", "caller_number_index", "started_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "call_events_business_id_call_id_key_key" ON "call_events"("business_id", "call_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "recordings_recording_sid_key" ON "recordings"("recording_sid");

-- CreateIndex
CREATE INDEX "recordings_business_id_call_id_idx" ON "recordings"("business_id", "call_id");

-- CreateIndex
CREATE UNIQUE INDEX "transcripts_recording_sid_key" ON "transcripts"("recording_sid");

-- CreateIndex
CREATE INDEX "transcripts_business_id_call_id_idx" ON "transcripts"("business_id", "call_id");

-- CreateIndex
CREATE INDEX "appointments_business_id_starts_at_idx" ON "appointments"("business_id", "starts_at");

-- CreateIndex
CREATE INDEX "audit_logs_business_id_timestamp_id_idx" ON "audit_logs"("business_id", "timestamp" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_logs_timestamp_id_idx" ON "audit_logs"("timestamp" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "jobs_key_key" ON "jobs"("key");

-- CreateIndex
CREATE INDEX "rate_limits_expire_idx" ON "rate_limits"("expire");

-- AddForeignKey
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "businesses"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_routes" ADD CONSTRAINT "phone_routes_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duty_contacts" ADD CONSTRAINT "duty_contacts_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calls" ADD CONSTRAINT "calls_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "call_events" ADD CONSTRAINT "call_events_business_id_call_id_fkey" FOREIGN KEY ("business_id", "call_id") REFERENCES "calls"("business_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_business_id_call_id_fkey" FOREIGN KEY ("business_id", "call_id") REFERENCES "calls"("business_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcripts" ADD CONSTRAINT "transcripts_business_id_call_id_fkey" FOREIGN KEY ("business_id", "call_id") REFERENCES "calls"("business_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;


